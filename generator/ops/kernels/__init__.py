"""Fused kernels in Triton, one per file, each the equal of a primitive in plain torch.

They read every input once and write every output once. Arithmetic is fp32 from load to store, so
they round less often than the chain of torch operations that they stand for.
"""
