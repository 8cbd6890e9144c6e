"""Fused kernels in Triton, a file for each primitive of plain torch that they are the equal of.

Rows and heads are read and written once, and arithmetic is fp32 from load to store, so that they
round less often than the chain of torch operations that they stand for.
"""
