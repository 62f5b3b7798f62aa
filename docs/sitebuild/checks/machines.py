"""The machines that the pages are tried on, all of them imitated on this one.

Each entry says in what such a machine differs and why a page could fail there. What it does stands in
:mod:`sitebuild.checks.imitations`; the environment is set before torch is loaded, which reads it once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Machine:
    """A machine that one does not have."""

    name: str
    reason: str
    environment: Mapping[str, str] = field(default_factory=dict)
    imitations: tuple[str, ...] = ()
    """Names of what :mod:`sitebuild.checks.imitations` does to torch while a page runs."""
    same_outputs: bool = True
    """Whether a page has to print what it prints here, up to rounding. Its asserts hold on every machine."""


PLAIN = Machine("plain", "this machine as it is: what the others are compared with")

MACHINES = (
    Machine(
        "old-processor",
        "a processor without AVX: sums are split into other parts, and no product is fused with a sum",
        {
            "ATEN_CPU_CAPABILITY": "default",
            "MKL_CBWR": "COMPATIBLE",
            "ONEDNN_MAX_CPU_ISA": "SSE41",
        },
    ),
    Machine(
        "avx2",
        "the processor of most laptops: half the width, so other parts again",
        {"ATEN_CPU_CAPABILITY": "avx2", "MKL_CBWR": "AVX2", "ONEDNN_MAX_CPU_ISA": "AVX2"},
    ),
    Machine(
        "no-onednn",
        "torch without oneDNN: other kernels for convolutions",
        imitations=("no_onednn",),
    ),
    Machine(
        "four-threads",
        "a notebook runs with all cores: sums are split by thread",
        imitations=("four_threads",),
    ),
    Machine(
        "other-rounding",
        "a GPU, or a later torch: products and convolutions differ in the last bit, from call to call too",
        imitations=("rounding_noise",),
    ),
    Machine(
        "tf32",
        "a reader's notebook on a recent NVIDIA GPU: convolutions keep ten bits of each factor",
        imitations=("tf32_convolutions",),
        same_outputs=False,
    ),
    Machine(
        "mac",
        "a linear layer is one node, LinearBackward0",
        imitations=("linear_in_one_node",),
    ),
    Machine(
        "gpu",
        "tensors live on cuda:0: they print so, NumPy cannot read them, and none may meet one of the CPU",
        imitations=("cuda",),
    ),
    Machine(
        "mac-gpu",
        "tensors live on mps:0, which knows no float64; a linear layer is one node",
        imitations=("linear_in_one_node", "mps"),
    ),
    Machine(
        "seed-1",
        "other random numbers: what a page says of its numbers must not be an accident of its seed",
        imitations=("seed_1",),
        same_outputs=False,
    ),
    Machine(
        "seed-14",
        "one more seed, with which some pages once failed",
        imitations=("seed_14",),
        same_outputs=False,
    ),
)


def of_page(page: str, text: str) -> Machine:
    """Return the one machine on which a page is tried where there is no time for all.

    Another text of the page chooses another one, so that in time each page meets each machine.

    Args:
        page: its path.
        text: what stands in it.
    """
    digest = hashlib.sha256(f"{page}\0{text}".encode()).digest()
    return MACHINES[int.from_bytes(digest[:8]) % len(MACHINES)]
