r"""
.. _page-memory:

Where the memory goes
=====================

**Why does training need so much more memory than predicting?** Because operations keep tensors for
the backward pass, until it has passed them. You can see which, and choose to compute some
of them twice instead of keeping them.
"""

# %%
# The set-up: random numbers that are the same on every run, and a device.
from weakref import WeakSet

import matplotlib.pyplot as plt
import torch
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.checkpoint import checkpoint

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# What an operation keeps
# -----------------------
#
# An operation keeps what its derivative needs, its :term:`saved tensors <saved tensors>`. The
# derivative of the sine is the cosine of the *input*. The derivative of :math:`e^x` is
# :math:`e^x`, so the *result* will do. A sum :math:`x + w` needs nothing, a product needs both
# factors. Guess for each line before you look.
x = torch.rand(1000, generator=g).to(device).requires_grad_()  # (1000,)
w = torch.rand(1000, generator=g).to(device).requires_grad_()  # (1000,)
results = {"sin(x)": x.sin(), "exp(x)": x.exp(), "x + w": x + w}
results |= {"x * w": x * w, "relu(x)": x.relu(), "sum(x)": x.sum()}
kept = {}
for name, y in results.items():
    node = av.trace(y, saved=True).saved[0]
    kept[name] = {tensor.name: tensor.bytes for tensor in node}
    print(f"{name:8} {kept[name]}")

assert kept["sin(x)"] == {"self": x.numel() * x.element_size()}
assert kept["exp(x)"] == kept["relu(x)"] == {"result": 4000}
assert kept["x * w"] == {"self": 4000, "other": 4000}
assert kept["x + w"] == kept["sum(x)"] == {}

# %%
# ``self`` is the first input, ``other`` the second. A thousand numbers of four bytes are 4000
# bytes. Memory that two operations share counts once: the result of one is often the input of the
# next, and a :term:`leaf <leaf tensor>` such as a weight is there anyway.
#
# So the way you write a formula matters. Both of these are the sigmoid.
sigmoid = x.sigmoid()
by_parts = (1 + (-x).exp()).reciprocal()
for y in (sigmoid, by_parts):
    graph = av.trace(y, saved=True)
    print(f"{graph.saved_bytes(leaves=False) = }")

torch.testing.assert_close(sigmoid, by_parts)
assert av.trace(sigmoid, saved=True).saved_bytes(leaves=False) == 4000
assert graph.saved_bytes(leaves=False) == 2 * 4000

# %%
# A deep chain
# ------------
#
# Here are 64 sines in a row. Each keeps its input, so the memory grows with the depth. With
# :class:`torch.no_grad` nothing is kept: that is why predicting is cheap.


def sines(x, n):
    for _ in range(n):
        x = x.sin()
    return x


with torch.no_grad():
    untracked = sines(x, 64)
print(f"{av.trace(sines(x, 64), saved=True).saved_bytes() = }")
print(f"{untracked.grad_fn = }")

assert av.trace(sines(x, 64), saved=True).saved_bytes() == 64 * 4000
assert untracked.grad_fn is None

# %%
# The backward pass gives the memory back, one operation after the other. ``held_bytes`` says what
# the graph still keeps after each step: here after the first four and the last four.
replay = av.replay(sines(x, 64).sum(), params={"x": x}, saved=True)
held = replay.held_bytes
print(f"{held[:4] = }")
print(f"{held[-4:] = }")

assert held == tuple(4000 * n for n in (64, *range(63, -1, -1), 0))
plain_grad = x.grad.clone()
x.grad = None

# %%
# Twice computed, not kept
# ------------------------
#
# :func:`torch.utils.checkpoint.checkpoint` runs a part of your program without keeping its saved
# tensors. It keeps the input only. In the backward pass it runs the part once more and keeps them
# then. This is :term:`checkpointing`. (``use_reentrant=False`` chooses the variant that PyTorch
# recommends.) Eight parts of eight sines:


def in_parts(x, n):
    for _ in range(n):
        x = checkpoint(sines, x, 64 // n, use_reentrant=False)
    return x


in_parts(x, 8).sum().backward()
print(f"{torch.allclose(x.grad, plain_grad) = }")

torch.testing.assert_close(x.grad, plain_grad)

# %%
# The gradient is the same. Now the memory: weigh all tensors whenever an operation has run. A
# ``TorchDispatchMode`` sees each operation, and a :class:`weakref.WeakSet` forgets a piece of
# memory that is freed.


class Scales(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.alive, self.curve, self.sines = WeakSet(), [], 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        self.alive.add(result.untyped_storage())
        self.curve.append(sum(m.nbytes() for m in self.alive))
        self.sines += func is torch.ops.aten.sin.default
        return result


# %%
# Put a forward and a backward pass on the scales.


def weigh(run):
    x.grad = None
    with Scales() as scales:
        run(x).sum().backward()
    return scales


# %%
# The highest reading, in units of one vector of 1000 numbers, and how many sines were computed.
# What do you expect for the plain chain, for 8 parts of 8, and for everything in 1 part?
plain = weigh(lambda x: sines(x, 64))
eight = weigh(lambda x: in_parts(x, 8))
one = weigh(lambda x: in_parts(x, 1))
for scales in (plain, eight, one):
    print(f"{max(scales.curve) // 4000 = :2}  {scales.sines = :3}")

runs = (plain, eight, one)
assert [max(run.curve) // 4000 for run in runs] == [65, 16, 66]
assert [run.sines for run in runs] == [64, 64 + 8 * 7, 64 + 63]

# %%
# With eight parts, a quarter of the memory: eight inputs are kept, and the sines of one part, when
# its turn comes. The price is a second forward pass, nearly twice as many sines. (The last sine of
# a part need not run again, since only its input is wanted.)
#
# The mistake: everything in one part
# -----------------------------------
#
# One part keeps one input, so it looks cheapest. But in the backward pass the *whole* part runs
# again, and all its tensors are there at once: the peak is no lower than that of the plain chain,
# and you have paid for two forward passes. Here is the memory after :math:`t` operations.
fig, ax = plt.subplots()
for scales, style in ((plain, "-"), (eight, "-"), (one, "--")):
    ax.plot([size / 1000 for size in scales.curve], style)
ax.set(xlabel="operations t", ylabel="memory (kB)")
ax.legend(["64", "8 · 8", "1 · 64"])
fig.set_label("Two lines climb high, one of them late; one stays low.")

peaks = [line.get_ydata().max() for line in ax.lines]
assert peaks == [max(run.curve) / 1000 for run in runs]
assert peaks[1] < 0.3 * peaks[0] < 0.3 * peaks[2]

# %%
# Keep them smaller, or elsewhere
# -------------------------------
#
# :class:`torch.autograd.graph.saved_tensors_hooks` gives you every tensor that is about to be
# kept. What you return is kept in its place; before it is needed, your second function makes a
# tensor of it again. Here we keep half as many bytes, in bfloat16.


def pack(tensor):
    return tensor.to(torch.bfloat16)


def unpack(kept):
    return kept.to(torch.float32)


with saved_tensors_hooks(pack, unpack):
    loss = sines(x, 64).sum()
print(f"{av.trace(loss, saved=True).saved_bytes() = }")

assert av.trace(loss, saved=True).saved_bytes() == 64 * 2000

# %%
# The gradient is no longer exact: two or three digits of each kept number are left.
(coarse,) = torch.autograd.grad(loss, x)
error = (coarse - plain_grad).norm() / plain_grad.norm()
print(f"{error.item() < 0.01 = }, {error.item() > 1e-6 = }")

assert 1e-6 < error < 0.01

# %%
# With ``tensor.cpu()`` in ``pack`` and a way back in ``unpack``, the tensors of a GPU wait in the
# main memory; :class:`torch.autograd.graph.save_on_cpu` is just that.
#
# What to remember
# ----------------
#
# - Between forward and backward pass, the graph keeps what the derivatives need; under
#   ``no_grad``, nothing.
# - Checkpointing keeps the inputs of the parts and computes the rest again: less memory, more
#   time.
# - Cut into several parts: with one part, the peak is as high as before.
#
# Exercise
# --------
#
# Into how many parts would you cut the 64 sines? With ``n`` parts, ``n`` inputs are kept, and
# :math:`64 / n` tensors while a part is computed again. Predict which of 2, 4, 8, 16, 32 is the
# best, then measure.

# %%
# .. answer-begin::

# %%
# The sum :math:`n + 64/n` is smallest where both terms are equal: at the square root of 64, which
# is 8.
peaks = {}
for n in (2, 4, 8, 16, 32):
    peaks[n] = max(weigh(lambda x, n=n: in_parts(x, n)).curve) // 4000
print(peaks)

assert min(peaks, key=peaks.get) == 8
more = [peak - (n + 64 // n) for n, peak in peaks.items()]
assert more == [1, 0, 0, 0, 0]

# %%
# .. answer-end::
#
# You came from :ref:`page-forward-mode`, which keeps nothing at all. Memory is not all that
# changes with depth: from layer to layer, gradients shrink or grow, as
# :ref:`page-vanishing-gradients` shows.
