"""A photograph with three things and fourteen pieces of lettering, one element a line."""
# fmt: off

from __future__ import annotations

from promptkit import Caption, obj, photo, text

COURIER = Caption.of(
    "A photograph of a bicycle courier in a teal rain jacket standing behind her yellow cargo bike outside a corner repair shop, its fascia, window and chalkboard covered in hand-painted lettering.",
    photo("candid, orderly, saturated teal and yellow against grey brick", "overcast morning daylight, even and soft, faint reflections in the shop window", "eye level, 35mm lens, deep focus, slightly off-centre framing"),
    background="The front of a small brick repair shop on a street corner: a dark green painted fascia above a wide display window on the left, a narrow recessed door on the right, grey brick around both. The pavement of wet concrete slabs runs along the bottom of the frame and ends in a granite kerb.",
    elements=[
        obj("An A-frame chalkboard with a pale oak frame and a brass hinge, opened on the pavement below the window; its slate is dusty from many wipings and filled with neat white chalk writing.", (670, 50, 985, 285), ("#2E3532", "#C9A66B")),
        obj("A bicycle courier in her forties with short grey curls under a cycling cap, smiling at the viewer. She wears a teal rain jacket zipped to the chin, black three-quarter trousers and scuffed white sneakers, and rests both hands on the handlebar.", (165, 500, 930, 720), ("#0F766E", "#1F2933")),
        obj("A front-loading cargo bike with a sunflower-yellow steel frame, a square plywood box painted yellow over the front wheel, wide black tyres and a round headlamp, parked parallel to the kerb with its front wheel to the right.", (480, 430, 985, 980), ("#F4B400", "#1B1B1B", "#C8B08A")),
        text("HALVORSEN CYCLES", "Large cream serif capitals with a thin gold outline, painted in one line across the green fascia.", (40, 60, 130, 640), ("#F5EBD3", "#1E4D3A")),
        text("27", "White house number on a small oval blue enamel plaque beside the door.", (170, 740, 250, 830), ("#FFFFFF", "#1D3F8B")),
        text("REPAIRS\nWHILE YOU WAIT", "Two centred lines of cream sign-painter capitals on the upper part of the window glass, the first twice as tall.", (225, 70, 335, 390), ("#F5EBD3",)),
        text("TUBES · CHAINS · BELLS", "One line of small cream capitals on the glass below the main window lettering.", (350, 70, 395, 390), ("#F5EBD3",)),
        text("OPEN", "Red neon tube capitals hanging behind the glass on the left, switched on.", (430, 80, 515, 240), ("#FF3B30",)),
        text("SPRING\nRIDE", "Bold condensed black capitals on the upper half of an orange poster taped inside the window.", (420, 275, 530, 395), ("#111111", "#F28C28")),
        text("14 APRIL", "Small black grotesque capitals on the lower edge of the orange poster.", (545, 275, 600, 395), ("#111111", "#F28C28")),
        text("NB", "Two white block capitals on the upturned peak of the courier's cap.", (175, 575, 245, 650), ("#FFFFFF",)),
        text("CREW", "White capitals on a rectangular reflective patch on the left chest of the jacket.", (385, 600, 440, 700), ("#FFFFFF", "#0F766E")),
        text("NORTHBOUND\nCOURIERS", "Two lines of heavy black geometric capitals stencilled on the side of the yellow box.", (580, 690, 690, 930), ("#111111", "#F4B400")),
        text("No. 08", "Black monospaced fleet number in the lower left corner of the yellow box.", (705, 690, 760, 790), ("#111111",)),
        text("FRAGILE", "White capitals on a red rectangular sticker in the lower right corner of the yellow box.", (705, 820, 760, 930), ("#FFFFFF", "#C62828")),
        text("TODAY", "White chalk capitals, underlined once, at the top of the chalkboard.", (700, 85, 755, 250), ("#F2F2EC",)),
        text("Flat fix 12\nTrue wheel 20\nFull tune 65", "Three left-aligned lines of white chalk handwriting below the underlined heading.", (775, 80, 935, 255), ("#F2F2EC",)),
    ],
)
