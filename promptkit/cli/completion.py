"""Print the script that completes words in bash, zsh or fish.

Put one of these lines into the start-up file of your shell:

    eval "$(promptkit completion bash)"          # ~/.bashrc
    eval "$(promptkit completion zsh)"           # ~/.zshrc, behind compinit
    promptkit completion fish | source           # ~/.config/fish/config.fish
"""

from __future__ import annotations

from typing import Final

from promptkit.cli import console
from promptkit.cli.parser import Namespace, OneOf, Parser
from promptkit.errors import ExitCode

# The scripts ask ``promptkit.cli.offers`` at every Tab, so they never grow old. Where it has
# nothing to offer, the shell goes on with file names.
_BASH: Final = """\
_promptkit() {
    local IFS=$'\\n'
    COMPREPLY=($(compgen -W "$(promptkit complete-words "${COMP_WORDS[@]:1:COMP_CWORD}" \
2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _promptkit promptkit
"""
_ZSH: Final = """\
_promptkit() {
    local -a offers
    offers=("${(@f)$(promptkit complete-words "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    [[ -n $offers ]] && compadd -- $offers || _files
}
compdef _promptkit promptkit
"""
_FISH: Final = """\
function __promptkit
    set -l words (commandline -opc) (commandline -ct)
    promptkit complete-words $words[2..-1] 2>/dev/null
end
complete -c promptkit -a '(__promptkit)'
"""
_SCRIPTS: Final = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def configure(parser: Parser) -> None:
    """The shell."""
    shell = OneOf(*_SCRIPTS)
    parser.add_argument("shell", type=shell, metavar="SHELL", help="bash, zsh or fish")


def run(args: Namespace) -> ExitCode:
    """Print the script."""
    console.out(_SCRIPTS[args.shell])
    return ExitCode.OK
