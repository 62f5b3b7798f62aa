r"""
.. _page-vanishing-gradients:

Gradients that vanish or explode
================================

**Why do the first layers of a deep network learn nothing, or make everything burst?** On its way
back the gradient is multiplied by one factor a layer. Fifty factors below 1 leave nothing; fifty
factors above 1 leave a gigantic number. Good starting weights keep the factor near 1, and clipping
tames what still grows.
"""

# %%
# The set-up. Some numbers here are very small, so the page computes in float64, on the CPU.
import matplotlib.pyplot as plt
import torch
from torch import nn

import autograd_vi as av

g = av.seed_everything(0)
float64 = torch.float64

# %%
# Fifty sigmoids in a row
# -----------------------
#
# Begin with a single number. The slope of the sigmoid :math:`\sigma` at :math:`z` is
# :math:`\sigma(z)\,(1 - \sigma(z))`, at most :math:`\frac14`. By the
# :term:`chain rule <chain rule>` the slope of fifty of them is the product of fifty such slopes.
x = torch.tensor(0.5, dtype=float64, requires_grad=True)
values = [x]
for _ in range(50):
    values.append(values[-1].sigmoid())
values[-1].backward()
print(f"{x.grad.item() = :.1e}")
print(f"{0.25**50 = :.1e}")

slopes = [(y * (1 - y)).item() for y in values[1:]]
product = torch.tensor(slopes, dtype=float64).prod()
torch.testing.assert_close(x.grad, product, rtol=1e-9, atol=0)
assert 0 < x.grad < 0.25**50

# %%
# Each result is about 0.66, its slope 0.22, and :math:`0.22^{50}` is of the size :math:`10^{-33}`.
#
# Fifty layers
# ------------
#
# Now a network: fifty :term:`layers <layer>` of 64 numbers without :term:`bias`, each a
# :term:`matrix` and then the sigmoid or ReLU. The entries of each matrix are drawn uniformly, with
# the standard deviation :math:`s / \sqrt{64}`. The one number :math:`s` says how strong the
# weights are.


def weights(s, generator):
    bound = s * (3 / 64) ** 0.5
    draw = torch.rand(50, 64, 64, generator=generator, dtype=float64)
    return [W.requires_grad_() for W in (2 * draw - 1) * bound]


def run(act, Ws, batch):
    outputs = [batch]
    for W in Ws:
        outputs.append(act(outputs[-1] @ W))
    return (outputs[-1] ** 2).mean(), outputs[1:]


# %%
# Four networks: the sigmoid; ReLU with the weights that :class:`torch.nn.Linear` starts with,
# which have :math:`s = \sqrt{1/3}`; ReLU with :math:`s = \sqrt2`; ReLU with :math:`s = 2`. We look
# at the gradient at the output of each layer, and take its length as a multiple of that at the
# last layer.
networks = {
    "sigmoid, 1": (torch.sigmoid, 1.0),
    "relu, √⅓": (torch.relu, (1 / 3) ** 0.5),
    "relu, √2": (torch.relu, 2**0.5),
    "relu, 2": (torch.relu, 2.0),
}
batch = torch.rand(16, 64, generator=g, dtype=float64)  # (16, 64)

# %%
# One forward and one backward pass for each.
norms = {}
for name, (act, s) in networks.items():
    loss, outputs = run(act, weights(s, g), batch)
    grads = torch.autograd.grad(loss, outputs)
    norms[name] = torch.stack([each.norm() for each in grads])
    norms[name] /= norms[name][-1].clone()

# %%
# The backward pass runs from right to left, from layer 50 to layer 1; :math:`g_k` is the gradient
# at the output of layer :math:`k`. The axis on the left is logarithmic.
fig, ax = plt.subplots()
for name, lengths in norms.items():
    ax.semilogy(range(1, 51), lengths)
    below = lengths[2:20].min() / 10
    ax.text(3, below, name, family="monospace", va="top")
ax.set(xlabel="layer k", ylabel=r"$|g_k| \,/\, |g_{50}|$")
ax.set(ylim=(1e-37, None))
fig.set_label("Toward layer 1, two lines fall, one stays, one rises.")

for line, lengths in zip(ax.lines, norms.values(), strict=True):
    assert line.get_ydata().tolist() == lengths.tolist()
tiny, small, level, large = (float(n[0]) for n in norms.values())
assert tiny < 1e-25 < small < 1e-15
assert 1e-2 < level < 1e2 < 1e5 < large

# %%
# Where the factor comes from
# ---------------------------
#
# A matrix with standard deviation :math:`s / \sqrt{64}` multiplies the length of a vector with
# many entries by about :math:`s`. Then come the slopes: a quarter at the middle of the sigmoid;
# for ReLU 0 or 1, half of the time each, which multiplies the length by :math:`\sqrt{1/2}`. So we
# expect :math:`s/4` and :math:`s/\sqrt2` for each layer. Compare the two columns.
for name, (act, s) in networks.items():
    expected = s / 4 if act is torch.sigmoid else s / 2**0.5
    measured = norms[name][0].item() ** (1 / 49)
    print(f"{name:12} {expected:.2f} {measured:.2f}")
    assert abs(measured / expected - 1) < 0.15

# %%
# With :math:`s = \sqrt2 \approx 1.41` the factor is 1. This is what
# :func:`torch.nn.init.kaiming_uniform_` draws for ReLU; a fresh :class:`torch.nn.Linear` has
# :math:`\sqrt{1/3} \approx 0.58`. (The largest entry tells how far the uniform draw reaches, and
# that is :math:`\sqrt3` standard deviations.)
for_relu = nn.Linear(64, 64).weight.detach()  # (64, 64)
fresh = for_relu.clone()
nn.init.kaiming_uniform_(for_relu, nonlinearity="relu", generator=g)
for W, s in ((for_relu, 2**0.5), (fresh, (1 / 3) ** 0.5)):
    largest = W.abs().max().item()
    print(f"{8 * largest / 3**0.5:.2f}")
    assert 0.995 < 8 * largest / 3**0.5 / s < 1.001

# %%
# What vanishing means
# --------------------
#
# The sigmoid network in float32, and one step of :term:`gradient descent` with the
# :term:`learning rate` 1. In how many of its fifty matrices does any entry change?
Ws = [W.detach().float().requires_grad_() for W in weights(1.0, g)]
loss, _ = run(torch.sigmoid, Ws, batch.float())
grads = torch.autograd.grad(loss, Ws)
pairs = zip(Ws, grads, strict=True)
changed = [not torch.equal(W, W - dW) for W, dW in pairs]
print(f"{changed[0] = }, {changed[-1] = }")
print(f"{sum(changed) < 25 = }")

assert 0 < sum(changed) < 25
assert changed == sorted(changed)

# %%
# Only in the last ones, fewer than half. In the others each update is so small that the result
# rounds back to the old weight. The first layers stay as random as they were.
#
# Exploding, and clipping
# -----------------------
#
# With :math:`s = 2` the gradient is gigantic, and so is the step. After a single step of learning
# rate 0.01, is the loss still finite?


def step(Ws, lr=0.01):
    with torch.no_grad():
        for W in Ws:
            W.sub_(lr * W.grad)


Ws = weights(2.0, torch.Generator().manual_seed(1))
loss, _ = run(torch.relu, Ws, batch)
loss.backward()
step(Ws)
after, _ = run(torch.relu, Ws, batch)
print(f"{torch.isfinite(after).item() = }")

assert not torch.isfinite(after)

# %%
# :func:`torch.nn.utils.clip_grad_norm_` looks at all gradients as one long vector. If it is longer
# than you allow, it is shortened to that length; otherwise nothing happens. The function returns
# the length that it found. Its place is between ``backward()`` and the step.
Ws = weights(2.0, torch.Generator().manual_seed(1))
loss, _ = run(torch.relu, Ws, batch)
loss.backward()
before = torch.cat([W.grad.flatten() for W in Ws])
total = nn.utils.clip_grad_norm_(Ws, max_norm=1.0)
clipped = torch.cat([W.grad.flatten() for W in Ws])
print(f"{total.item() > 1e12 = }, {clipped.norm().item() = :.4f}")

torch.testing.assert_close(total, before.norm())
torch.testing.assert_close(clipped, before / before.norm())

# %%
# All entries are divided by the same number, so the direction is still the gradient's. Now the
# step goes downhill.
step(Ws)
after, _ = run(torch.relu, Ws, batch)
print(f"{(after < loss).item() = }")

assert after < loss

# %%
# The mistake: clipping what is not finite
# ----------------------------------------
#
# Once a gradient is infinite, clipping comes too late: 1 divided by infinity is 0, and infinity
# times 0 is no number. The healthy entry is lost, the other becomes NaN.
p = torch.zeros(2, dtype=float64, requires_grad=True)  # (2,)
p.grad = torch.tensor([1.0, torch.inf], dtype=float64)
nn.utils.clip_grad_norm_([p], max_norm=1.0)
print(f"{p.grad = }")

assert p.grad[0] == 0
assert p.grad[1].isnan()

# %%
# Ask for an error instead, with ``error_if_nonfinite=True``.
try:
    nn.utils.clip_grad_norm_([p], max_norm=1.0, error_if_nonfinite=True)
except RuntimeError as error:
    message = str(error).split(". ")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "is non-finite, so it cannot be clipped" in message

# %%
# What to remember
# ----------------
#
# - The gradient is multiplied by a factor in each layer; depth turns the factor into a power.
# - For ReLU, start with ``kaiming_uniform_`` or ``kaiming_normal_``.
# - Clipping shortens, and keeps the direction. It helps against explosion; a gradient that has
#   vanished stays as it is.
#
# Exercise
# --------
#
# Keep the sigmoid, but let each layer *add* to its input: :math:`h + \sigma(h W) - \frac12`. What
# is the factor now?

# %%
# .. answer-begin::

# %%
# A little more than 1. The derivative of ``h`` itself is 1, so each layer has a path with the
# factor 1, however small the other part is. This is the idea of a residual network, such as
# ResNet18.
h, outputs = batch, []
for W in weights(1.0, g):
    h = h + torch.sigmoid(h @ W) - 0.5
    outputs.append(h)
ends = (outputs[0], outputs[-1])
start, end = torch.autograd.grad((h**2).mean(), ends)
factor = (start.norm() / end.norm()).item() ** (1 / 49)
print(f"{factor = :.2f}")

assert 1 < factor < 1.1

# %%
# .. answer-end::
#
# You came from :ref:`page-memory`. Numbers that are too small become zero even sooner when they
# have only 16 bits: :ref:`page-mixed-precision`.
