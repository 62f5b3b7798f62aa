r"""
.. _page-shapes-and-kinds:

Shapes and kinds
================

**The message speaks of a shape, of a dtype or of a kind of tensor. Which of two tensors is meant,
and which one should you change?** Two things met that do not fit. The line where they meet is
seldom the line to change: go back to where the odd one was made.
"""

# %%
# The set-up. Nothing is random here but the start of some layers.
import copy
import textwrap
import warnings
from contextlib import contextmanager

import numpy
import torch
from torch import nn
from torch.nn import functional as F

import autograd_vi as av

av.seed_everything(0)
device = av.pick_device()

# %%
# Each exhibit is a short program that stops, or warns. Two helpers print what it says: ``raises``
# for an error, ``warns`` for a warning.


@contextmanager
def raises(kind, fragment):
    try:
        yield
    except kind as error:
        message = str(error).splitlines()[0]
        print(textwrap.fill(f"{type(error).__name__}: {message}", 72))
        assert fragment in message
    else:
        raise AssertionError


# %%
# A warning stops nothing, so it is recorded while the program runs on.


@contextmanager
def warns(fragment):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    (warning,) = caught
    message = str(warning.message).splitlines()[0]
    print(textwrap.fill(f"UserWarning: {message}", 72))
    assert fragment in message


# %%
# You called backward() on one loss for each example
# --------------------------------------------------
#
# .. exhibit:: grad can be implicitly created only for scalar outputs
#    :name: not-a-scalar
#
#    The root of the graph has three entries, and ``backward()`` was not told how much each of them
#    counts.
#
#    Only a single number has an obvious first gradient, the 1; several numbers need a weight each.
#
#    Make one number of them, with ``mean()`` or ``sum()``, or pass the weights yourself.
#
# Nobody took the mean of the losses. That happens with ``reduction="none"``, too.
x = torch.tensor([1.0, 2.0, 4.0], device=device)  # (3,)
w = torch.tensor(1.0, device=device, requires_grad=True)
losses = (w * x - 2 * x) ** 2  # (3,)
with raises(RuntimeError, "grad can be implicitly created only"):
    losses.backward()

# %%
# The graph begins at a node of :term:`shape` (3,). At such a :term:`root`, PyTorch will not guess.
av.trace(losses, params={"w": w})

# %%
# The cure says how the losses become one. Each has the :term:`derivative <derivative>` :math:`2(w
# - 2)x^2 = -2x^2` at :math:`w = 1`. The mean over :math:`x = 1, 2, 4` is :math:`-14`.
losses.mean().backward()
print(f"{w.grad = }")

torch.testing.assert_close(w.grad, (-2 * x**2).mean())

# %%
# Two lines are often tried instead. Before you look on: which gradient does each of them give?
w.grad = None
((w * x - 2 * x) ** 2)[0].backward()
first = w.grad.clone()
w.grad = None
((w * x - 2 * x) ** 2).backward(torch.ones_like(x))
print(f"{first = }")
print(f"{w.grad = }")

torch.testing.assert_close(first, -2 * x[0] ** 2)
torch.testing.assert_close(w.grad, (-2 * x**2).sum())

# %%
# Neither complains. The first learns from one example and forgets the others. The second is the
# *sum*: right if you want it, and three times as long a step if you wanted the mean. More on the
# weights: :ref:`page-by-hand`.
#
# You weighted a column with a row
# --------------------------------
#
# .. exhibit:: Mismatch in shape: grad_output[0] has a shape of
#    :name: weights-of-another-shape
#
#    ``output[0]`` is the tensor whose ``backward`` you called, of shape (3, 1); ``grad_output[0]``
#    is the weight that you passed for it, of shape (3,).
#
#    The weights and the result must have the same shape, since each entry gets its own weight.
#
#    Give the weights the shape of the result, here with ``unsqueeze(1)``.
#
# A model gave a column of losses, and the weights of the examples came as a plain list.
w = torch.tensor(1.0, device=device, requires_grad=True)
column = x.unsqueeze(1)  # (3, 1)
losses = (w * column - 2 * column) ** 2  # (3, 1)
weights = torch.tensor([1.0, 0.0, 1.0], device=device)  # (3,)
with raises(RuntimeError, "Mismatch in shape: grad_output[0]"):
    losses.backward(weights)

# %%
# With the weights as a column, the second example is left out, and the other two give :math:`-2(1
# + 16) = -34`.
losses.backward(weights.unsqueeze(1))
print(f"{w.grad = }")

torch.testing.assert_close(w.grad, (-2 * weights * x**2).sum())

# %%
# The wrong cure avoids the argument and multiplies. Now nothing is checked. :term:`Broadcasting
# <broadcasting>` multiplies each loss with each weight.
w.grad = None
weighted = ((w * column - 2 * column) ** 2) * weights
weighted.sum().backward()
print(f"{weighted.shape = }")
print(f"{w.grad = }")

torch.testing.assert_close(w.grad, (-2 * x**2).sum() * weights.sum())

# %%
# A table of nine products, and a wrong gradient without any message: every loss counts twice, also
# the one that should not count at all. The error above was the better luck.
#
# Your predictions are a column, your targets a row
# -------------------------------------------------
#
# .. exhibit:: that is different to the input size
#    :name: targets-of-another-shape
#    :also: must be the same as input size
#           Using a target size
#
#    The input of the loss has shape (3, 1) and the target shape (3,); their difference is a table
#    of shape (3, 3).
#
#    Broadcasting compares every prediction with every target.
#
#    Give the targets the shape of the predictions, ``targets.unsqueeze(1)``, or take the column
#    away with ``predictions.squeeze(1)``.
#
# This is only a warning. The predictions below are perfect, so their loss should be 0.
targets = torch.tensor([2.0, 4.0, 8.0], device=device)  # (3,)
predictions = targets.clone().unsqueeze(1).requires_grad_()  # (3, 1)
with warns("that is different to the input size"):
    loss = F.mse_loss(predictions, targets)
print(f"{loss.item() = :.4f}")

variance = targets.var(correction=0)
torch.testing.assert_close(loss.detach(), 2 * variance)

# %%
# Write the same loss by hand, and there is not even a warning. The graph tells: the difference has
# nine entries.
by_hand = ((predictions - targets) ** 2).mean()
torch.testing.assert_close(by_hand, loss)
av.trace(by_hand, params={"predictions": predictions})

# %%
# What does a model learn from such a loss? Here is a line :math:`wx + b`, for targets that lie on
# a line.


def trained(targets):
    line = torch.zeros(2, device=device, requires_grad=True)  # (2,)
    optimizer = torch.optim.SGD([line], lr=0.1)
    for _ in range(400):
        optimizer.zero_grad()
        predictions = line[0] * column + line[1]  # (3, 1)
        F.mse_loss(predictions, targets).backward()
        optimizer.step()
    return (line[0] * column + line[1]).detach().flatten()


# %%
# The wrong cure silences the warning. The right one shapes the targets.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    silenced = trained(targets)
cured = trained(targets.unsqueeze(1))
print("silenced", [round(value, 3) for value in silenced.tolist()])
print("cured   ", [round(value, 3) for value in cured.tolist()])

mean = targets.mean().expand(3)
torch.testing.assert_close(silenced, mean, rtol=1e-3, atol=0)
torch.testing.assert_close(cured, targets, rtol=1e-3, atol=0)

# %%
# Each prediction was compared with all targets, and the mean of its squared distances to them is
# smallest at their mean. The model predicts 14/3 for whatever it sees: a loss that falls for a
# while and then stops.
#
# Some losses refuse. The binary cross-entropy does not broadcast:
with raises(ValueError, "must be the same as input size"):
    F.binary_cross_entropy_with_logits(predictions, targets)

# %%
# You gave float32 weights the float64 numbers of NumPy
# -----------------------------------------------------
#
# .. exhibit:: expected m1 and m2 to have the same dtype, but got: double != float
#    :name: two-dtypes
#    :also: mat1 and mat2 must have the same dtype, but got Double and Float
#           expected scalar type Float but found Double
#           expected m1 and m2 to have the same dtype, but got: float != double
#           mat1 and mat2 must have the same dtype, but got Float and Double
#
#    ``m1`` is the first factor, your data in 64 bits; ``m2`` is the second, the weights in 32
#    bits.
#
#    By default NumPy computes in float64 and PyTorch in float32, and a matrix product does not
#    convert.
#
#    Convert the data once, where it enters: ``.float()``, or ``.to(weight.dtype)``.
#
# A product of matrices wants one :term:`dtype`. A layer says so in other words: it calls
# :func:`torch.addmm`, which multiplies and adds the bias.
array = numpy.array([[1.0, 2.0], [3.0, 4.0]])  # (2, 2)
data = torch.from_numpy(array)  # (2, 2)
weight = torch.tensor([[0.5], [0.25]], requires_grad=True)  # (2, 1)
bias = torch.zeros(1, requires_grad=True)  # (1,)
with raises(RuntimeError, "to have the same dtype, but got: double"):
    data @ weight
with raises(RuntimeError, "must have the same dtype, but got Double"):
    torch.addmm(bias, data, weight)

# %%
# Operations on single entries do convert, and silently. So the two kinds may have travelled far
# together before a product stops them. The gradient comes back in the dtype of its leaf.
(weight * data).sum().backward()
print(f"{(weight * data).dtype = }")
print(f"{weight.grad.dtype = }")

assert (weight * data).dtype == data.dtype == torch.float64
assert weight.grad.dtype == weight.dtype == torch.float32

# %%
# Two wrong cures. Python's ``float`` has 64 bits, so ``.to(float)`` is no conversion here,
# although ``.float()`` is one. And weights in float64 refuse the next batch, if that one is in
# float32.
with raises(RuntimeError, "but got: double != float"):
    data.to(float) @ weight
with raises(RuntimeError, "but got: float != double"):
    data.float() @ weight.double()

# %%
# The cure:
outputs = data.float() @ weight + bias  # (2, 1)
print(f"{data.to(float).dtype = }")
print(f"{data.float().dtype = }")
print(f"{outputs.flatten() = }")

assert data.to(float).dtype == torch.float64
assert data.float().dtype == torch.float32
expected = outputs.new_tensor([[0.5 + 0.5], [1.5 + 1.0]])
torch.testing.assert_close(outputs.detach(), expected)

# %%
# You asked a tracked tensor for its NumPy array
# ----------------------------------------------
#
# .. exhibit:: Can't call numpy() on Tensor that requires grad
#    :name: numpy-of-tracked
#
#    The tensor has a ``grad_fn``: a way back that NumPy would not continue.
#
#    A NumPy array records nothing, so what you compute from it has no gradient.
#
#    To look at the numbers, ``.detach().cpu().numpy()``; to learn from them, stay in PyTorch.
#
# You wanted to plot the predictions, or to compute an error with NumPy.
predictions = data.float() @ weight + bias  # (2, 1)
with raises(RuntimeError, "Can't call numpy() on Tensor"):
    predictions.numpy()

# %%
# If the numbers are only for your eyes, the message is also the cure.
looked_at = predictions.detach().numpy()
print(f"{looked_at.shape = }, {looked_at.dtype = }")

assert looked_at.tolist() == predictions.tolist()

# %%
# If they go into the loss, the same line is the wrong cure. ``backward()`` accepts the wrapped
# number, and no weight hears of it.
weight.grad = None
loss = torch.tensor((looked_at**2).mean(), requires_grad=True)
loss.backward()
print(f"{weight.grad = }")

assert weight.grad is None

# %%
# In PyTorch the same loss has a gradient: the mean of twice each output times its input. The whole
# story: :ref:`page-numpy-cuts`.
(predictions**2).mean().backward()
print(f"{weight.grad.flatten() = }")

rows = 2 * predictions.detach() * data.float()  # (2, 2)
torch.testing.assert_close(weight.grad[:, 0], rows.mean(dim=0))

# %%
# You trained a head on what inference_mode had made
# --------------------------------------------------
#
# .. exhibit:: Inference tensors cannot be saved for backward
#    :name: inference-saved
#    :also: Setting requires_grad=True on inference tensor outside InferenceMode is not allowed
#           Inplace update to inference tensor outside InferenceMode is not allowed
#
#    ``features`` is marked as an inference tensor, and the layer wants to keep it for the way
#    back.
#
#    What is made in ``inference_mode`` may never be saved for a backward pass.
#
#    Make the features under ``no_grad``, or copy them with ``clone()`` outside of the block.
#
# A :term:`frozen <to freeze>` network makes features, and a :term:`head` learns from them. To save
# time, the features are made in :class:`torch.inference_mode`.
body = nn.Linear(2, 3).to(device)
head = nn.Linear(3, 1).to(device)
rows = torch.tensor([[1.0, 2.0], [3.0, 4.0]], device=device)  # (2, 2)
with torch.inference_mode():
    features = body(rows)  # (2, 3)
with raises(RuntimeError, "Inference tensors cannot be saved"):
    head(features)

# %%
# Only what has to be *saved* is forbidden. A sum needs no input for its derivative, and passes.
print(f"{features.is_inference() = }")
print(f"{(features + head.weight).requires_grad = }")

assert features.is_inference()
assert (features + head.weight).requires_grad

# %%
# Wrong cures: after ``detach()`` it is still an inference tensor, and nobody may set
# ``requires_grad``.
with raises(RuntimeError, "Inference tensors cannot be saved"):
    head(features.detach())
with raises(RuntimeError, "on inference tensor outside InferenceMode"):
    features.requires_grad_()

# %%
# Both cures let the head learn. The gradient of its summed output with respect to its weights is
# the sum of the features.
with torch.no_grad():
    untracked = body(rows)  # (2, 3)
for usable in (untracked, features.clone()):
    head.zero_grad()
    head(usable).sum().backward()
    print(f"{usable.is_inference() = }, {head.weight.grad.shape = }")
    assert not usable.is_inference()
    torch.testing.assert_close(head.weight.grad[0], usable.sum(dim=0))

# %%
# You copied a model that keeps its last output
# ---------------------------------------------
#
# .. exhibit:: Only Tensors created explicitly by the user
#    :name: deepcopy-of-result
#
#    ``net.last`` is no leaf but a result, with a ``grad_fn``; ``deepcopy`` meets it inside of the
#    model.
#
#    A copy of a result would need a copy of its graph, and ``deepcopy`` makes none.
#
#    Keep ``last.detach()`` in the model, not the tracked result.
#
# Models often keep an activation, to look at it later.


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([1.0, 2.0]))

    def forward(self, x):
        self.last = self.weight * x  # (2,)
        return self.last.sum()


# %%
# Before the first :term:`forward pass` the copy succeeds. After it, it fails.
net = Scale().to(device)
copied = copy.deepcopy(net)
net(torch.tensor([3.0, 4.0], device=device)).backward()
with raises(RuntimeError, "Only Tensors created explicitly"):
    copy.deepcopy(net)

assert copied.weight.tolist() == [1, 2]
assert [p.is_leaf for p in net.parameters()] == [True]
assert not net.last.is_leaf

# %%
# The message suspects ``weight_norm``, which is one way to get a result into a model. The
# parameters are leaves, as they should be. It is ``net.last`` that is none.
#
# Two wrong cures. ``no_grad`` switches recording off, but the old record is still there. And
# ``state_dict()`` does not copy at all: it shows the live weights, so your “best” model moves on
# with the training.
with torch.no_grad(), raises(RuntimeError, "Only Tensors created"):
    copy.deepcopy(net)
best = net.state_dict()
with torch.no_grad():
    net.weight += 10
print(f"{best['weight'].tolist() = }")

assert best["weight"].tolist() == [11, 12]

# %%
# The cure keeps the graph out of the model. Then the copy is a copy.
net.last = net.last.detach()
best = copy.deepcopy(net)
with torch.no_grad():
    net.weight += 10
print(f"{best.weight.tolist() = }")
print(f"{net.weight.tolist() = }")

assert best.weight.tolist() == [11, 12]
assert net.weight.tolist() == [21, 22]

# %%
# If you need only the weights, ``copy.deepcopy(net.state_dict())`` is enough:
# :ref:`page-copying-parameters`.
#
# What to remember
# ----------------
#
# - A loss is one number. If it has several entries, say how they become one.
# - Compare shapes before you subtract: a column and a row make a table, often without a word.
# - Convert data once, where it enters: dtype, device, and what goes to NumPy.
# - What is made in ``inference_mode`` stays there; what a model keeps should be detached.
#
# Exercise
# --------
#
# Someone cures the third exhibit with ``predictions.squeeze()``, without the 1. With batches of
# three rows all is well. The last batch of the data has a single row. What shapes meet then?

# %%
# .. answer-begin::

# %%
# ``squeeze()`` takes away *every* dimension of length 1, also that of the batch. The shape ()
# meets (1,), and the warning is back. (The number is right by luck, since there is only one pair.)
# ``squeeze(1)`` takes the column alone.
last_target = torch.tensor([2.0], device=device)  # (1,)
last_row = last_target.clone().unsqueeze(1)  # (1, 1)
with warns("that is different to the input size"):
    F.mse_loss(last_row.squeeze(), last_target)
print(f"{last_row.squeeze().shape = }")
print(f"{last_row.squeeze(1).shape = }")

assert last_row.squeeze().shape == ()
assert last_row.squeeze(1).shape == (1,)

# %%
# .. answer-end::
#
# In the room before, values were overwritten too early: :ref:`page-in-place`. Here the values were
# right, and two of them did not fit. A loss of the right shape may still be no number at all:
# :ref:`page-nan`.
