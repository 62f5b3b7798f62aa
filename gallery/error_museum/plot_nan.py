r"""
.. _page-nan:

NaN in the gradient
===================

**The loss is a good number, and the gradient is NaN. Where did it come from?** From a
:term:`derivative` that is infinite: on the way back it met a zero, and 0·∞ is NaN, “not a
number”. So do not look for the NaN. Look for the ∞ that came before it.
"""

# %%
import warnings

import torch

import autograd_vi as av

device = av.pick_device()

# %%
# The branch that was not taken
# -----------------------------
#
# .. exhibit:: The loss is a number, but a gradient is NaN after torch.where
#    :name: where-nan
#    :shown: nan,
#    :also: gradient is nan after torch.where
#           torch.where produces nan gradients
#           nan in the gradient but loss is finite
#
#    Both branches were computed for every entry, so the backward pass visits both.
#
#    The branch that was not taken receives 0 on the way back, and the logarithm's derivative at 0
#    is ∞: 0·∞ is NaN.
#
#    Choose a safe input *before* the dangerous function, not a safe output after it.
#
# You want log x where x is positive, and 0 elsewhere. :func:`torch.where` chooses entry by entry,
# and its result is right. Before you look on: which of the three gradients is wrong?
x = torch.tensor([-1.0, 0.0, 1.0], device=device, requires_grad=True)
y = torch.where(x > 0, x.log(), 0.0)
y.sum().backward()
print(f"{y.tolist() = }")
print(f"{x.grad.tolist() = }")

assert y.tolist() == [0, 0, 0]
assert x.grad.isnan().tolist() == [False, True, False]
torch.testing.assert_close(x.grad[[0, 2]], x.new_tensor([0.0, 1.0]))

# %%
# The derivative of log x is 1/x. :func:`torch.where` sends 0 to the entries that it did not take,
# and the logarithm divides that 0 by ``x``: 0/(−1) is −0, no harm done. But 0/0 is NaN.
#
# The tempting cure repairs the *output* once more. Nothing was wrong with the output, so nothing
# changes.
x.grad = None
torch.nan_to_num(torch.where(x > 0, x.log(), 0.0)).sum().backward()
print(f"{x.grad.tolist() = }")

assert x.grad.isnan().tolist() == [False, True, False]

# %%
# The cure gives the logarithm an *input* at which it has a finite derivative. Where x is not
# positive, this is the constant 1; it does not depend on ``x``, so 0 goes back.
x.grad = None
safe = torch.where(x > 0, x, 1.0)  # (3,)
torch.where(x > 0, safe.log(), 0.0).sum().backward()
print(f"{x.grad.tolist() = }")

torch.testing.assert_close(x.grad, x.new_tensor([0.0, 0.0, 1.0]))

# %%
# The distance between two equal points
# -------------------------------------
#
# .. exhibit:: The gradient of a distance is NaN where the two points are equal
#    :name: sqrt-nan
#    :shown: a.grad.tolist() = [nan, nan]
#    :also: gradient of sqrt at zero is nan
#           gradient of norm at zero is nan
#           distance of identical points nan gradient
#
#    The root at 0 sent back ∞, and the square before it multiplied this ∞ by 2·0.
#
#    The square root rises vertically at 0: its derivative there is ∞.
#
#    Take :func:`torch.linalg.vector_norm`, or add a small number *under* the root.
#
# The distance between ``a`` and ``b`` is the root of a sum of squares. Let both be the same point,
# and step through the :term:`backward pass`. Which step makes the first infinity, and which the
# first NaN?
a = torch.tensor([1.0, 2.0], device=device, requires_grad=True)
b = torch.tensor([1.0, 2.0], device=device)
distance = ((a - b) ** 2).sum().sqrt()
replayed = av.replay(distance, params={"a": a})
replayed

# %%
# The replay marks both steps, and :attr:`~autograd_vi.Replay.first_nonfinite` hands you the first.
# A finite 1 went into the root, and ∞ came out: this is the step to mend.
first = replayed.first_nonfinite
print(f"{first.node.op = }")
print(f"{first.grad_outputs[0].entries = }")
print(f"{first.grad_inputs[0].entries = }")
print(f"{a.grad.tolist() = }")

assert first.node.op == "SqrtBackward0"
assert first.grad_outputs[0].entries == 1.0
assert first.grad_inputs[0].entries == float("inf")
assert a.grad.isnan().all()

# %%
# Often a small number is added *after* the root. That moves the value, not the derivative.
a.grad = None
(((a - b) ** 2).sum().sqrt() + 1e-12).backward()
print(f"{a.grad.tolist() = }")

assert a.grad.isnan().all()

# %%
# Two cures. Under the root the small number keeps the derivative finite.
# :func:`torch.linalg.vector_norm` needs none: at the zero vector, where a distance has a tip like
# that of ``abs``, its gradient is 0 by agreement.
small = (((a - b) ** 2).sum() + 1e-12).sqrt()
norm = torch.linalg.vector_norm(a - b)
for result in (small, norm):
    (gradient,) = torch.autograd.grad(result, a)
    print(f"{gradient.tolist() = }")
    assert not gradient.any()

# %%
# Anomaly detection names a step too late
# ---------------------------------------
#
# .. exhibit:: returned nan values in its 0th output
#    :name: anomaly
#    :also: returned nan values in its 1th output
#           Error detected in
#           Anomaly Detection has been enabled
#           No forward pass information available. Enable detect anomaly during forward pass
#
#    A node of the backward pass sent on a NaN, and anomaly detection was on.
#
#    An infinity or a NaN was made in this step, or an infinity came in from the step before.
#
#    Find the line with the warning's traceback, then look one step nearer to the loss for an ∞.
#
# :class:`torch.autograd.detect_anomaly` stops the backward pass at the first NaN. Before you look
# on: will it name the root?
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    with torch.autograd.detect_anomaly():
        try:
            ((a - b) ** 2).sum().sqrt().backward()
        except RuntimeError as error:
            message = str(error).splitlines()[0]
            print(f"{type(error).__name__}: {message}")
        else:
            raise AssertionError

assert "PowBackward0" in message
assert "returned nan values in its 0th output" in message

# %%
# It names the square. Anomaly detection looks for NaN alone, so the ∞ of the root passed unseen.
# Besides, it warns twice: that it is on, and of the operation whose backward step failed. Below
# the second stands the traceback of the line in *your* forward pass. This is what you want to
# read.
for entry in caught:
    first = str(entry.message).split(". ")[0]
    print(f"{entry.category.__name__}: {first}.")

report = str(caught[1].message)
assert report.startswith("Error detected in PowBackward0")
assert "Traceback of forward call" in report

# %%
# The wrong cure mends the line that was named, with a product in place of the square. The product
# meets the same ∞.
difference = a - b
product = (difference * difference).sum().sqrt()
(gradient,) = torch.autograd.grad(product, a)
print(f"{gradient.tolist() = }")

assert gradient.isnan().all()

# %%
# The price: while it is on, every operation keeps the text of its traceback, and every backward
# step searches its results for NaN. So switch it on to find a fault, not in every run.
plain = (a**2).sum().grad_fn
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    with torch.autograd.detect_anomaly():
        watched = (a**2).sum().grad_fn
print(f"{list(plain.metadata) = }")
print(f"{list(watched.metadata) = }")

assert list(plain.metadata) == []
assert list(watched.metadata) == ["traceback_"]

# %%
# Clipping spreads the NaN
# ------------------------
#
# .. exhibit:: is non-finite, so it cannot be clipped
#    :name: clip-nonfinite
#    :also: The total norm for gradients from parameters is non-finite
#
#    The norm over all gradients was NaN or ∞, because a single entry was.
#
#    Some gradient is broken, and clipping divides all gradients by a norm that contains it.
#
#    Find the step that made it; until then, skip this update and leave the parameters alone.
#
# Large gradients are often clipped, so clipping looks like a cure. Here ``a`` has a NaN and ``w``
# a healthy 6. :func:`torch.nn.utils.clip_grad_norm_` can refuse:
w = torch.tensor([3.0], device=device, requires_grad=True)
a.grad = None
(((a - b) ** 2).sum().sqrt() + (w**2).sum()).backward()
clip = torch.nn.utils.clip_grad_norm_
try:
    clip([a, w], 1.0, error_if_nonfinite=True)
except RuntimeError as error:
    message = str(error).splitlines()[0].split(". To")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "is non-finite, so it cannot be clipped" in message
assert w.grad.tolist() == [6]

# %%
# By default it does not refuse. The norm is NaN, every gradient is multiplied by 1/NaN, and now
# nothing is healthy any more. The next step of the optimizer would write NaN into all weights.
norm = clip([a, w], 1.0)
print(f"{w.grad.tolist() = }")

assert w.grad.isnan().all()

# %%
# The norm that comes back tells you. Skip the step, and both parameters stay as they were.
optimizer = torch.optim.SGD([a, w], lr=0.1)
if norm.isfinite():
    optimizer.step()
print(f"{norm.isfinite().item() = }, {w.tolist() = }")

assert (a.tolist(), w.tolist()) == ([1, 2], [3])

# %%
# A NaN of the forward pass
# -------------------------
#
# .. exhibit:: The loss itself is NaN
#    :name: loss-nan
#    :shown: loss.item() = nan
#    :also: loss is nan
#           training loss becomes nan
#           softmax returns nan for large inputs
#
#    The forward pass had made the NaN already; the backward pass only carries it on.
#
#    A number grew beyond what float32 can hold: exp(1000) is ∞, and ∞/∞ is NaN.
#
#    Use the function that PyTorch has for the whole formula; it subtracts the largest entry first.
#
# So look at the loss first. If it is NaN, search the :term:`forward pass`, and leave the backward
# pass alone.
z = torch.tensor([1000.0, 0.0], device=device, requires_grad=True)
shares = z.exp() / z.exp().sum()
loss = -shares[0].log()
print(f"{z.exp().tolist() = }")
print(f"{shares.tolist() = }")
print(f"{loss.item() = }")

assert z.exp().isinf().tolist() == [True, False]
assert loss.isnan()

# %%
# The wrong cure adds a small number under the logarithm. That helps against log 0, and under this
# logarithm stands no 0, but a NaN: a NaN plus something is a NaN.
print(f"{-(shares[0] + 1e-12).log().item() = }")

assert (shares[0] + 1e-12).log().isnan()

# %%
# The first share is 1/(1 + exp(−1000)), as good as 1, so the loss is 0.
# :func:`torch.nn.functional.log_softmax` finds it: subtracting the same number from all entries
# changes no share.
loss = -torch.nn.functional.log_softmax(z, dim=0)[0]
(gradient,) = torch.autograd.grad(loss, z)
print(f"{loss.item() = }, {gradient.tolist() = }")

torch.testing.assert_close(loss.detach(), z.new_tensor(0.0))
torch.testing.assert_close(gradient, z.new_tensor([0.0, 0.0]))

# %%
# What to remember
# ----------------
#
# - Is the loss NaN? Search the forward pass. Is only the gradient NaN? Search for an infinite
#   derivative.
# - ``torch.where`` computes both branches. Make the input safe, not the output.
# - ``first_nonfinite`` names the step that made the ∞; anomaly detection names the first NaN.
# - Clipping does not mend a NaN. It hands the NaN to all parameters.
#
# Exercise
# --------
#
# The entropy of the shares p is −Σ p log p, with 0 log 0 = 0. Its author wrote
# ``-torch.where(p > 0, p * p.log(), 0.0).sum()``. Predict the gradient at p = (1, 0); the
# derivative of p log p is log p + 1. Then write it so that the entry with p = 0 gets 0.

# %%
# .. answer-begin::

# %%
# The first entry is −(log 1 + 1) = −1. The second is NaN, for two reasons: the product multiplies
# the 0 that it receives by log 0 = −∞, and the logarithm makes 0/0. With a safe input the branch
# that was not taken is finite.
p = torch.tensor([1.0, 0.0], device=device, requires_grad=True)  # (2,)
(-torch.where(p > 0, p * p.log(), 0.0).sum()).backward()
print(f"{p.grad.tolist() = }")

safe = torch.where(p > 0, p, 1.0)
entropy = -torch.where(p > 0, safe * safe.log(), 0.0).sum()
(gradient,) = torch.autograd.grad(entropy, p)
print(f"{gradient.tolist() = }")

assert p.grad.isnan().tolist() == [False, True]
torch.testing.assert_close(p.grad[:1], p.new_tensor([-1.0]))
torch.testing.assert_close(gradient, p.new_tensor([-1.0, 0.0]))

# %%
# .. answer-end::
#
# A NaN at least shows itself, even where the message comes late. Next, mistakes between the
# gradient and the step: :ref:`page-optimizer`.
