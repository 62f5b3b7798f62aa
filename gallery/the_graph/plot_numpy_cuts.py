r"""
.. _page-numpy-cuts:

Detach and NumPy cut the path
=============================

**The loss is right, no error appears, and yet the network learns nothing. Why?** A part of the loss was
computed where PyTorch does not look: in NumPy, or on a detached tensor. The gradient walks back along
the record, and where the record stops, it stops.
"""

# %%
# The set-up: a batch of three rows, and a layer whose weights come from the :term:`seed <random
# seed>` 10. (:ref:`page-mini-batch` looks at its gradient; here it only has to arrive.)
from copy import deepcopy

import matplotlib.pyplot as plt
import torch
from torch import nn

import autograd_vi as av

g = av.seed_everything(10)
device = av.pick_device()
X = torch.tensor(
    [[0.5, -0.6], [0.7, 1.0], [0.2, 0.2]], device=device
)  # (3, 2)
layer = nn.Linear(2, 1).to(device)
params = dict(layer.named_parameters())

# %%
# The same number, twice
# ----------------------
#
# Take the mean of the outputs once in PyTorch. Then take it once more in NumPy, and wrap the result in a
# tensor that is marked ``requires_grad``, so that ``backward()`` will accept it. The two losses are
# equal. Their graphs are not.
outputs = layer(X)  # (3, 1)
loss = outputs.mean()
numpy_mean = outputs.detach().cpu().numpy().mean()
cut_loss = torch.tensor(numpy_mean, device=device, requires_grad=True)
print(f"{loss.item() = :.4f}, {cut_loss.item() = :.4f}")
av.print_dag(loss, params=params)
av.print_dag(cut_loss, params={"cut_loss": cut_loss})

torch.testing.assert_close(cut_loss, loss)
leaves = [
    node.name
    for node in av.trace(loss, params=params).nodes
    if node.kind == "leaf"
]
assert (sorted(leaves), cut_loss.grad_fn) == (["bias", "weight"], None)

# %%
# The second graph is a single :term:`leaf`. PyTorch knows its value, but not where it came from.
#
# No gradient arrives
# -------------------
#
# So ``backward()`` has one thing to do: it puts :math:`\partial \ell / \partial \ell = 1` on the loss
# itself. The layer gets nothing, and there is no error.
cut_loss.backward()
print(f"{cut_loss.grad = }")
print(f"{layer.weight.grad = }")

assert cut_loss.grad.item() == 1
assert layer.weight.grad is None
assert torch.autograd.grad(
    cut_loss, layer.weight, allow_unused=True
) == (None,)

# %%
# Is the true derivative 0, then? Ask with :term:`finite differences`: move the first weight a
# little, and compute the NumPy mean again. It changes. The derivative is :math:`1.4/3`, the mean of the
# first column. It is not zero, only lost.


def mean_in_numpy(w1):
    w = layer.weight.detach().cpu().double().numpy().copy()
    w[0, 0] = w1
    return (X.cpu().double().numpy() @ w.T).mean() + layer.bias.item()


w1 = layer.weight[0, 0].item()
slope = (mean_in_numpy(w1 + 1e-3) - mean_in_numpy(w1 - 1e-3)) / 2e-3
print(f"{slope = :.4f}")

(true_gradient,) = torch.autograd.grad(loss, layer.weight)
torch.testing.assert_close(
    true_gradient[0, 0].item(), slope, rtol=1e-5, atol=0
)
torch.testing.assert_close(slope, 1.4 / 3, rtol=1e-6, atol=0)

# %%
# Zeros or ``None``
# -----------------
#
# The notebook shows ``[[0., 0.]]`` at this place, where we found ``None``. Both are what was there
# before: ``backward()`` added nothing. Fill the gradient once, empty it in the two ways of
# :ref:`page-emptying-gradients`, and send a cut loss backward each time.
for set_to_none in (False, True):
    layer(X).mean().backward()
    layer.zero_grad(set_to_none=set_to_none)
    cut_loss = torch.tensor(
        numpy_mean, device=device, requires_grad=True
    )
    cut_loss.backward()
    print(f"{set_to_none = !s:5}  {layer.weight.grad = }")
    assert (layer.weight.grad is None) == set_to_none
    assert set_to_none or layer.weight.grad.tolist() == [[0.0, 0.0]]

# %%
# .. admonition:: From the notebook “Tính toán gradient trong torch.Tensor”
#    :class: notebook
#
#    The notebook's gradient is ``[[0., 0.]]``, because ``zero_grad()`` filled with zeros in its time.
#    Since PyTorch 2.0 it sets ``None``, and ``None`` says it better: no path leads here. A zero may
#    also be an honest derivative.
#
# The mistake: following the error message
# ----------------------------------------
#
# PyTorch did warn you, one step earlier. Without ``detach()`` the way to NumPy is closed.
try:
    outputs.cpu().numpy()
except RuntimeError as error:
    message = str(error).splitlines()[0]
    lines = message.replace(". ", ".\n")
    print(f"{type(error).__name__}: {lines}")
else:
    raise AssertionError

assert message.startswith(
    "Can't call numpy() on Tensor that requires grad"
)
assert "Use tensor.detach().numpy() instead" in message

# %%
# The second sentence reads like a recipe, and it does make the error go away. Read the first sentence
# as a question: *does the loss still depend on this number?* If so, stay in PyTorch and use its own
# ``mean``. If you only want to print or plot the number, detach it. ``item()``, ``tolist()`` and
# ``float()``, too, give you the value without its record; recent versions warn at ``float()``.
#
# What it does to training
# ------------------------
#
# Two copies of the layer have to learn the targets :math:`y = (1, 0, 1)`, with a squared error. One sees
# its errors through PyTorch, the other through NumPy.
y = torch.tensor([[1.0], [0.0], [1.0]], device=device)  # (3, 1)
losses, learners = {False: [], True: []}, {}


def loss_of(layer, through_numpy):
    loss = ((layer(X) - y) ** 2).mean()
    if through_numpy:
        numpy_loss = loss.detach().cpu().numpy()
        loss = torch.tensor(
            numpy_loss, device=device, requires_grad=True
        )
    return loss


# %%
# Both take 40 steps.
for through_numpy, values in losses.items():
    learners[through_numpy] = learner = deepcopy(layer)
    optimizer = torch.optim.SGD(learner.parameters(), lr=0.3)
    for _ in range(40):
        optimizer.zero_grad()
        loss = loss_of(learner, through_numpy)
        loss.backward()
        optimizer.step()
        values.append(loss.item())

# %%
# The first loss and the last one of each:
for through_numpy, values in losses.items():
    print(f"{through_numpy = !s:5}  {values[0]:.4f} … {values[-1]:.4f}")

assert torch.equal(learners[True].weight, layer.weight)
assert torch.equal(learners[True].bias, layer.bias)
torch.testing.assert_close(
    losses[True], [losses[False][0]] * 40, rtol=1e-5, atol=0
)
assert losses[False][-1] < losses[False][0]

# %%
# Equal at the start; then one falls, and the other repeats the same number forty times: no parameter of its
# layer has changed. If your loss stands perfectly still, look for a cut.
fig, ax = plt.subplots()
for (through_numpy, values), style in zip(
    losses.items(), ("-", "--"), strict=True
):
    ax.plot(values, style, label=f"{through_numpy = }")
ax.set(xlabel="training step k", ylabel="loss ℓ", ylim=(0, None))
ax.legend(prop={"family": "monospace"})
fig.set_label(
    "Of two losses one falls in forty steps, the other is a level line."
)

drawn = {
    line.get_label(): line.get_ydata().tolist() for line in ax.lines
}
assert drawn == {
    f"{through_numpy = }": values
    for through_numpy, values in losses.items()
}

# %%
# What to remember
# ----------------
#
# - A gradient flows through recorded operations only. NumPy, ``detach()`` and ``item()`` record nothing.
# - Marking a wrapped number with ``requires_grad`` silences the error and makes a new leaf, no path.
# - Detach what you look at, never what you learn from.
#
# Exercise
# --------
#
# One half of a loss is computed in PyTorch, the other in NumPy:
# ``outputs.mean() + torch.from_numpy(outputs.detach().cpu().numpy() ** 2).mean()``. Is there a gradient
# at the weights? Which one? Then repair the line.

# %%
# .. answer-begin::

# %%
# There is one, but it is that of the first half alone. For PyTorch the second half is a constant. Such a
# loss is the most dangerous kind: it may even fall. Written with the outputs themselves,
# both halves count.
outputs = layer(X)
squares = torch.from_numpy(outputs.detach().cpu().numpy() ** 2)
for second_half in (squares, outputs**2):
    loss = outputs.mean() + second_half.mean()
    (gradient,) = torch.autograd.grad(
        loss, layer.weight, retain_graph=True
    )
    print(f"{loss.item() = :.4f}, {gradient = }")
    weight = 1 if second_half is squares else 1 + 2 * outputs.detach()
    torch.testing.assert_close(
        gradient, (weight * X).mean(dim=0, keepdim=True)
    )

# %%
# .. answer-end::
#
# This closes the second part. You can read a graph (:ref:`page-graph`), and say what stays out of
# it, on purpose (:ref:`page-turning-tracking-off`) or by mistake. Next, results that are many
# numbers: :ref:`page-vector-calculus`.
