r"""
.. _page-turning-tracking-off:

Turning tracking off
====================

**A trained network only has to answer. How do you keep PyTorch from taking notes, and what
exactly is off then?** Put the computation inside ``torch.no_grad()``. Off is the recording, and
with it go the tensors that PyTorch would keep for the way back. The formula stays the same, and
gradient descent even relies on this switch.
"""

# %%
# The set-up, and the network of :ref:`page-graph`, with the same numbers.
import warnings

import matplotlib.pyplot as plt
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()
x = torch.ones(5, device=device)  # (5,)
y = torch.tensor([0.0, 1.0, 1.0], device=device)  # (3,)
w = torch.randn(5, 3, generator=g).to(device).requires_grad_()  # (5, 3)
b = torch.randn(3, generator=g).to(device).requires_grad_()  # (3,)

# %%
# The same line, with and without
# -------------------------------
#
# Compute ``z`` twice. The flag ``requires_grad`` of the result tells whether PyTorch
# :term:`tracked <to track>` the computation.
z = x @ w + b
with torch.no_grad():
    z_off = x @ w + b
print(f"{z.requires_grad = }")
print(f"{z_off.requires_grad = }")

assert (z.requires_grad, z_off.requires_grad) == (True, False)
assert (type(z.grad_fn).__name__, z_off.grad_fn) == (
    "AddBackward0",
    None,
)

# %%
# What is off, and what is not
# ----------------------------
#
# The formula is the same, and so are the numbers. (In some layers, such as those of a transformer,
# PyTorch takes a faster way when nothing is recorded; then the last digits may differ.) The
# :term:`parameters <parameter>` keep their mark. Only the record is missing: ``z_off`` does not know where
# it came from.
print(f"{torch.allclose(z, z_off) = }")
print(f"{w.requires_grad = }, {b.requires_grad = }")
print(f"{z_off.grad_fn = }")

torch.testing.assert_close(z_off, w.detach().sum(dim=0) + b.detach())
torch.testing.assert_close(z_off, z.detach())
assert (w.requires_grad, b.requires_grad) == (True, True)

# %%
# The record has a price. To be able to go back, operations keep some of their inputs: the
# :term:`saved tensors`. A :term:`hook` can list their shapes as they are put away: ``x`` (as a
# row) for the gradient of ``w``, then ``z`` and ``y`` for that of ``z``. With tracking off, none.


def shapes_saved(tracking):
    shapes = []

    def keep(t):
        shapes.append(tuple(t.shape))
        return t

    hooks = torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t)
    with torch.set_grad_enabled(tracking), hooks:
        binary_cross_entropy_with_logits(x @ w + b, y)
    return shapes


# %%
# Run it with tracking and without.
for tracking in (True, False):
    print(f"{tracking = !s:5}  {shapes_saved(tracking)}")

assert (
    sum(
        torch.Size(shape).numel()
        for shape in shapes_saved(tracking=True)
    )
    == 5 + 3 + 3
)
assert shapes_saved(tracking=False) == []

# %%
# Eleven numbers are nothing. In the training of a large network, saved tensors often need more
# memory than all parameters.
#
# The mistake: reading ``z.grad``
# -------------------------------
#
# ``z.grad`` is no switch. It is the place for a :term:`gradient`, and ``backward()`` fills it only at a
# :term:`leaf tensor`. ``z`` is a result, so you get ``None`` and a warning, although tracking was on.
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(f"{z.requires_grad = }, {z.grad = }")
    print(f"{z_off.requires_grad = }, {z_off.grad = }")
for warning in caught:
    message = str(warning.message).split(". ")[0]
    print(f"{warning.category.__name__}: {message}.")

assert (len(caught), z.grad_fn is None, z_off.grad) == (1, False, None)
assert message.startswith(
    "The .grad attribute of a Tensor that is not a leaf Tensor"
)

# %%
# ``z_off`` gives ``None`` as well, but in silence: without a record, it counts as a leaf.
#
# .. admonition:: From the notebook “Tự động tính đạo hàm với torch.autograd”
#    :class: notebook
#
#    The notebook calls this section turning off “Gradient Decent” (this is its spelling), and prints
#    ``z.requires_grad`` under the label ``z.grad``. Both are wrong. The flag is no gradient. And
#    :term:`gradient descent` is not what is turned off: it is a loop that you write. Off is the tracking.
#
# Gradient descent needs the switch
# ---------------------------------
#
# See for yourself. This loop descends 20 times, and its update *must* stand where tracking is off
# (:ref:`page-stop-tracking` says why).
start, losses = [w.detach().clone(), b.detach().clone()], []
for _ in range(20):
    loss = binary_cross_entropy_with_logits(x @ w + b, y)
    losses.append(loss.item())
    gradients = torch.autograd.grad(loss, (w, b))
    with torch.no_grad():
        w -= 0.5 * gradients[0]
        b -= 0.5 * gradients[1]

changes = torch.tensor(losses).diff()
assert changes.max() < 0 < changes.diff().min()

# %%
# Predict the curve of the loss before you look.
fig, ax = plt.subplots()
ax.plot(losses, "o-")
ax.set(
    xlabel="training step k",
    ylabel="loss ℓ",
    ylim=(0, None),
    xticks=range(0, 20, 5),
)
fig.set_label("The loss falls from step to step, ever more slowly.")

assert ax.lines[0].get_ydata().tolist() == losses

# %%
# An :term:`optimizer` does the same. Its ``step()`` turns tracking off by itself. Twenty steps from
# the same start end in the same place, up to rounding.
w_sgd, b_sgd = (p.requires_grad_() for p in start)
optimizer = torch.optim.SGD([w_sgd, b_sgd], lr=0.5)
for _ in range(20):
    optimizer.zero_grad()
    binary_cross_entropy_with_logits(x @ w_sgd + b_sgd, y).backward()
    optimizer.step()
print(f"{losses[0] = :.4f}, {losses[-1] = :.4f}")
print(f"{torch.allclose(w, w_sgd) = }, {torch.allclose(b, b_sgd) = }")

torch.testing.assert_close(w, w_sgd)
torch.testing.assert_close(b, b_sgd)

# %%
# What to remember
# ----------------
#
# - ``torch.no_grad()`` turns off the recording. The formula and the marks stay as they are.
# - Without a record, nothing is saved for a way back: predictions need less memory.
# - Ask ``z.requires_grad`` whether a result is tracked. ``z.grad`` answers another question.
#
# Exercise
# --------
#
# ``no_grad`` also stands above a function, as a decorator. Then its whole body runs without a record.
# Someone writes ``predict`` that way, and later uses it in training. At which of the two lines after
# it does the program stop, and what does PyTorch say?
#
# .. code-block:: python
#
#    @torch.no_grad()
#    def predict(x):
#        return x @ w + b
#
#    loss = binary_cross_entropy_with_logits(predict(x), y)
#    loss.backward()

# %%
# .. answer-begin::

# %%
# Here is the function, to be run.


@torch.no_grad()
def predict(x):
    return x @ w + b


# %%
# It stops at the second line. The loss is computed as ever, but nobody can tell where it came from.
# So tracking belongs to the caller: write the function without the switch, and turn tracking off
# around the call that only predicts.
loss = binary_cross_entropy_with_logits(predict(x), y)
try:
    loss.backward()
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert loss.requires_grad is False
assert message.startswith("element 0 of tensors does not require grad")

# %%
# .. answer-end::
#
# :ref:`page-stop-tracking` shows the other switches: for a leaf, and for a single result. You
# throw all of them on purpose. Next, a path that breaks by mistake: :ref:`page-numpy-cuts`.
