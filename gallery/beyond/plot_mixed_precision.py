r"""
.. _page-mixed-precision:

Mixed precision
===============

**Can a network be trained with numbers of 16 bits?** Yes, if you mix: products in 16 bits, the
:term:`weights <weight>` and their updates in 32. In float16 small gradients become zero, unless
you multiply the loss first. In bfloat16 they do not, but fewer digits are left.
"""

# %%
# The set-up. Everything here runs on the CPU; what a GPU adds stands further down.
import matplotlib.pyplot as plt
import torch
from torch import nn

import autograd_vi as av

g = av.seed_everything(0)
float16, bfloat16 = torch.float16, torch.bfloat16
dtypes = (torch.float32, float16, bfloat16)

# %%
# Three kinds of numbers
# ----------------------
#
# float16 and bfloat16 have 16 bits each, and spend them differently: float16 on digits, bfloat16
# on range. For each kind: the largest number, the smallest positive one, and the gap after 1.
for dtype in dtypes:
    kind = torch.finfo(dtype)
    smallest = kind.tiny * kind.eps
    print(f"{dtype!s:14} {kind.max:.1e} {smallest:.1e} {kind.eps:.1e}")

ends = torch.tensor([65504, 2.0**-24, 2.0**-26]).to(float16).tolist()
assert ends == [torch.finfo(float16).max, 2.0**-24, 0]

# %%
# So what becomes of a hundred-millionth, of seventy thousand, and of 1.001? Guess before you look.
numbers = torch.tensor([1e-8, 7e4, 1.001])  # (3,)
for dtype in dtypes:
    print([f"{value:.6g}" for value in numbers.to(dtype).tolist()])

half, brain = numbers.to(float16), numbers.to(bfloat16)
assert (half[0], half[1], brain[2]) == (0, torch.inf, 1)
near = {"rtol": 5e-3, "atol": 0, "check_dtype": False}
torch.testing.assert_close(brain, numbers, **near)
assert abs(half[2].item() - 1.001) < 1e-4

# %%
# float16 turns the first into 0 and the second into infinity. bfloat16 keeps both roughly, and
# loses the last digit of the third.
#
# A gradient that vanishes
# ------------------------
#
# Gradients are often small. Here are three :term:`weights <weight>`; the product is computed in
# float16, and each gradient is :math:`10^{-5}\, x_i`.
x = torch.tensor([1e-4, 1e-2, 1.0])  # (3,)
w = torch.ones(3, requires_grad=True)  # (3,)


def loss_of(w):
    product = w.to(float16) * x.to(float16)
    return (1e-5 * product.float()).sum()


loss_of(w).backward()
print(f"{w.grad = }")

assert w.grad[0] == 0
assert 0.15 < w.grad[1] / 1e-7 - 1 < 0.25
torch.testing.assert_close(w.grad[2], torch.tensor(1e-5), **near)

# %%
# ``w.grad`` is float32 and could hold :math:`10^{-9}`. But on its way the gradient passed through
# float16, and there the first entry became 0 and the second is off by a fifth: so far down,
# float16 has only steps of :math:`6 \cdot 10^{-8}`. The cure is *loss scaling*: multiply the loss,
# and so every gradient, by a large number; divide when the gradients are in float32.
plain, w.grad = w.grad, None
scale = 2.0**16
(scale * loss_of(w)).backward()
scaled = w.grad / scale
print(f"{scaled = }")

torch.testing.assert_close(scaled, 1e-5 * x, **near)

# %%
# Now all three are right, up to rounding. A power of two costs no digits: it only moves the
# exponent. As a picture, between the dashed borders of float16: the true gradients :math:`g`, and
# :math:`c = 2^{16}` times as large.
fig, ax = plt.subplots()
ax.semilogx(1e-5 * x, [0, 0, 0], "o", color="C0")
ax.semilogx(scale * 1e-5 * x, [1, 1, 1], "o", color="C1")
for border in (2.0**-24, torch.finfo(float16).max):
    ax.axvline(border, linestyle="--", color="C2")
ax.text(2.0**-25, 1.6, "too small", ha="right")
ax.text(2.0**17, 1.6, "too large")
ax.set(yticks=[0, 1], yticklabels=["$g$", "$cg$"], ylim=(-1, 2))
ax.set(xlabel="size of the gradient", xlim=(1e-11, 1e8))
fig.set_label("One of three points lies outside; scaled, none does.")

borders = [line.get_xdata()[0] for line in ax.lines[2:]]
lengths = torch.tensor([a.get_xdata().tolist() for a in ax.lines[:2]])
inside = (lengths > borders[0]) & (lengths < borders[1])
assert inside.tolist() == [[False, True, True], [True, True, True]]

# %%
# ``autocast`` chooses for each operation
# ---------------------------------------
#
# You need not write the conversions yourself. Inside :class:`torch.autocast`, matrix products run
# in 16 bits; operations that lose too many digits there, such as this loss, run in float32.
net = nn.Linear(4, 3)
rows = torch.rand(5, 4, generator=g)  # (5, 4)
with torch.autocast("cpu", dtype=bfloat16):
    output = net(rows)
    loss = nn.functional.mse_loss(output, torch.zeros(5, 3))
print(f"{output.dtype = }, {loss.dtype = }")
loss.backward()
print(f"{net.weight.dtype = }, {net.weight.grad.dtype = }")

assert (output.dtype, loss.dtype) == (bfloat16, torch.float32)
assert net.weight.dtype == net.weight.grad.dtype == torch.float32
exact = 2 / 15 * net(rows).detach().T @ rows
off = (net.weight.grad - exact).norm() / exact.norm()
assert 0 < off < 0.009

# %%
# The weights stay in float32, and so do their gradients. The graph shows the conversions,
# ``ToCopyBackward0``: each is an operation with a derivative, which converts the gradient back.
av.trace(loss, params=net)

# %%
# What a GPU adds
# ---------------
#
# A GPU has units that multiply matrices of 16-bit numbers several times faster than float32; there
# ``autocast("cuda")`` is worth its trouble for speed. On a CPU it depends on the processor. The
# other gain can be counted anywhere: tensors that are kept for the backward pass
# (:ref:`page-memory`) shrink.
deep = nn.Sequential(*(nn.Linear(32, 32) for _ in range(8)))
many = torch.rand(4096, 32, generator=g)  # (4096, 32)
kept = []
for enabled in (False, True):
    with torch.autocast("cpu", dtype=bfloat16, enabled=enabled):
        graph = av.trace(deep(many).sum(), saved=True)
    kept.append(graph.saved_bytes(leaves=False))
print(f"{0.45 < kept[1] / kept[0] < 0.65 = }")

assert 0.45 < kept[1] / kept[0] < 0.65

# %%
# The scaler
# ----------
#
# Which factor is right? :class:`torch.amp.GradScaler` begins with a large one. Where a gradient
# becomes infinite, it skips the step and halves the factor; after a row of good steps, 2000 unless
# you say otherwise and here 2, it doubles it.
p = nn.Parameter(torch.ones(1))
sgd = torch.optim.SGD([p], lr=0.1)
scaler = torch.amp.GradScaler("cpu", 2.0**16, growth_interval=2)

# %%
# Four steps, with the slopes 1, :math:`10^{35}`, 1 and 1.
seen = []
for slope in (1.0, 1e35, 1.0, 1.0):
    sgd.zero_grad()
    scaler.scale(slope * p.sum()).backward()
    scaler.step(sgd)
    scaler.update()
    seen.append((round(p.item(), 4), scaler.get_scale()))
print(seen)

assert [step for step, _ in seen] == [0.9, 0.9, 0.8, 0.7]
assert [factor / 2**15 for _, factor in seen] == [2, 1, 1, 2]

# %%
# ``scaler.step`` also divides, so that the :term:`optimizer` sees the true gradients: three steps
# of 0.1, and one left out. bfloat16 reaches as far as float32, so it needs no scaler.
#
# The mistake: the weights in 16 bits too
# ---------------------------------------
#
# ``net.to(float16)`` looks simpler. But the next float16 number after 1 is 1.001. An update of a
# ten-thousandth rounds to nothing, however often you repeat it. In bfloat16 it is worse still.
for dtype in dtypes:
    weight = torch.ones((), dtype=dtype)
    for _ in range(1000):
        weight += 1e-4
    print(f"{dtype!s:14} {weight.item():.4f}")
    expected = 1.1 if dtype == torch.float32 else 1.0
    assert abs(weight.item() - expected) < 1e-4

# %%
# A thousand updates, and only float32 has moved. This is why the weights stay in 32 bits.
#
# What to remember
# ----------------
#
# - Mixed: products in 16 bits, weights, gradients and updates in 32. ``autocast`` does it.
# - float16 has a small range: scale the loss, with a ``GradScaler``. bfloat16 has the range, and
#   fewer digits.
# - Never train weights that are stored in 16 bits with plain updates.
#
# Exercise
# --------
#
# You want to clip the gradient to length 1 (:ref:`page-vanishing-gradients`) and use a scaler. The
# gradient is :math:`(0.6, 0.8) \cdot \frac12`, so nothing should be clipped. What happens when you
# clip directly after ``backward()``?

# %%
# .. answer-begin::

# %%
# At that moment the gradient is 65536 times as long: it is clipped to length 1, and afterwards
# divided by 65536. The step is much too short. ``scaler.unscale_`` divides first; then clipping
# sees the true length.


def length_of_step(unscale):
    p = nn.Parameter(torch.zeros(2))
    sgd = torch.optim.SGD([p], lr=1.0)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**16)
    scaler.scale(p @ torch.tensor([0.3, 0.4])).backward()
    if unscale:
        scaler.unscale_(sgd)
    nn.utils.clip_grad_norm_([p], max_norm=1.0)
    scaler.step(sgd)
    return p.detach().norm().item()


# %%
# First without ``unscale_``, then with it.
lengths = [length_of_step(unscale) for unscale in (False, True)]
print([f"{length:.6f}" for length in lengths])

torch.testing.assert_close(lengths, [2.0**-16, 0.5], rtol=1e-4, atol=0)

# %%
# .. answer-end::
#
# You came from :ref:`page-vanishing-gradients`. Next, two networks with opposite aims, each with a
# loss of its own: :ref:`page-two-networks`.
