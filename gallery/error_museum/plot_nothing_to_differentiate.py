r"""
.. _page-nothing-to-differentiate:

Nothing to differentiate
========================

**Why does PyTorch say that a tensor “does not require grad”, or leave** ``.grad`` **empty?**
Because no recorded path leads from the loss to what you want to learn. Find the place where it
breaks off. To mark the loss with ``requires_grad = True`` does not mend it.
"""

# %%
# The set-up. PyTorch gives some warnings only once in a program. ``torch.set_warn_always(True)``
# asks for all of them, so that a cell warns again when you run it again.
import warnings

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

import autograd_vi as av

torch.set_warn_always(True)
g = av.seed_everything(0)
device = av.pick_device()

# %%
# You froze everything
# --------------------
#
# You want to train a new last layer, but the :term:`freezing <to freeze>` caught it as well.
#
# .. exhibit:: element 0 of tensors does not require grad and does not have a grad_fn
#    :name: everything-frozen
#    :also: element 0 of variables does not require grad and does not have a grad_fn
#           element 1 of tensors does not require grad and does not have a grad_fn
#
#    Operations without a :term:`tracked <to track>` input, and so no graph at all.
#
#    Every parameter was frozen before the forward pass.
#
#    Mark what is to learn, before the forward pass.
x = torch.rand(4, 3, generator=g).to(device)  # (4, 3)
net = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 1))
net.to(device)
net.requires_grad_(False)
loss = net(x).square().mean()
try:
    loss.backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("element 0 of tensors does not require grad")
assert (loss.requires_grad, loss.grad_fn) == (False, None)

# %%
# “Element 0” is no entry of your tensor. :func:`torch.autograd.backward` takes several tensors,
# and ``loss.backward()`` hands it one: the first, number 0. Give it two, and the count shows.
tracked = torch.ones((), device=device, requires_grad=True)
try:
    torch.autograd.backward([tracked, loss])
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("element 1 of tensors")

# %%
# **The cure.** Mark the last layer, and run forward again.
net[2].requires_grad_(True)
net(x).square().mean().backward()
print(f"{net[2].bias.grad.shape = }")

by_hand = (2 * net(x).detach() / 4).sum(0)  # (1,)
close = {"rtol": 1e-3, "atol": 1e-4}
torch.testing.assert_close(net[2].bias.grad, by_hand, **close)

# %%
# **Tempting, and wrong.** The message says that something does not require grad, so you mark it:
# the loss. The error is gone, and so is the learning. The loss is now a :term:`leaf <leaf tensor>`
# with nothing behind it.
net.requires_grad_(False).zero_grad()
loss = net(x).square().mean()
loss.requires_grad = True
loss.backward()
print(f"{loss.grad = }")
print([p.grad for p in net.parameters()])

assert loss.grad.item() == 1
assert [p.grad for p in net.parameters()] == [None] * 4

# %%
# All that was differentiated is the loss with respect to itself. You will meet this wrong cure
# again below.
#
# You differentiate a comparison
# ------------------------------
#
# You want few wrong answers, so you take their share as the loss. But a comparison gives ``True``
# or ``False``. It jumps, and between the jumps it stands still.
#
# .. exhibit:: element 0 of tensors does not require grad and does not have a grad_fn
#    :name: comparison
#
#    The path ends at ``>``: its result has no ``grad_fn``, and ``.float()`` does not bring it back.
#
#    A comparison has no useful derivative, so PyTorch records none.
#
#    A smooth loss for learning; the share of right answers only to look at.
w = torch.tensor([1.0, -1.0, 0.5], device=device, requires_grad=True)
labels = torch.tensor([1.0, 0.0, 0.0, 1.0], device=device)  # (4,)
right = ((x @ w > 0).float() == labels).float()  # (4,)
try:
    (1 - right.mean()).backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("element 0 of tensors")

# %%
# This is how you find such a place: go from the loss towards the input, and print ``requires_grad`` on the
# way. Between the first ``True`` and the last ``False`` stands the culprit.
answers = x @ w > 0  # (4,)
print(f"{right.requires_grad = }")
print(f"{answers.requires_grad = }")
print(f"{(x @ w).requires_grad = }")

assert not right.requires_grad
assert not answers.requires_grad
assert (x @ w).requires_grad

# %%
# **The cure.** Binary cross-entropy takes the number *before* the comparison. It falls smoothly
# when the answers get better, and its gradient with respect to ``w`` is :math:`\tfrac{1}{n} X^\top
# (\sigma(Xw) - y)`, with ``x`` as :math:`X` and ``labels`` as :math:`y`.
F.binary_cross_entropy_with_logits(x @ w, labels).backward()
print(f"{w.grad = }")

gap = torch.sigmoid(x @ w).detach() - labels  # (4,)
torch.testing.assert_close(w.grad, x.T @ gap / 4, rtol=1e-3, atol=1e-4)

# %%
# **Tempting, and wrong.** “Then I round instead: ``round`` is a function.” It is, and PyTorch
# knows its derivative: 0, everywhere between the jumps. There is no error, and no learning either.
w.grad = None
answers = torch.sigmoid(x @ w).round()  # (4,)
(answers - labels).square().mean().backward()
print(f"{w.grad = }")

assert w.grad.tolist() == [0.0, 0.0, 0.0]

# %%
# You differentiate ``argmax``
# ----------------------------
#
# Three classes, and the answer is the class with the highest score. How far is it from the right
# one?
#
# .. exhibit:: element 0 of tensors does not require grad and does not have a grad_fn
#    :name: argmax
#
#    The path ends at ``argmax``: its result is a place, an integer, and nothing tracks it.
#
#    When a score changes a little, the place of the highest stays where it is.
#
#    Compute the loss from the scores: :func:`~torch.nn.functional.cross_entropy`.
numbers = torch.tensor([[1.0, 3.0, 2.0]], device=device)  # (1, 3)
scores = numbers.clone().requires_grad_()
label = torch.tensor([2], device=device)  # (1,)
answer = scores.argmax(dim=1)  # (1,)
try:
    (answer - label).square().float().mean().backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("element 0 of tensors")
assert (answer.dtype, answer.requires_grad) == (torch.int64, False)

# %%
# **The cure.** The gradient of cross-entropy with respect to the scores :math:`s` is their softmax
# (each :math:`e^{s_i}` divided by the sum of all), minus 1 at the right class.
F.cross_entropy(scores, label).backward()
print(f"{scores.grad = }")

powers = numbers.exp()
right_class = torch.tensor([[0.0, 0.0, 1.0]], device=device)
by_hand = powers / powers.sum() - right_class
torch.testing.assert_close(scores.grad, by_hand, rtol=1e-4, atol=1e-5)

# %%
# **Tempting, and wrong.** Turn the answer into a float and mark it. That silences the error, as
# above. The scores get nothing.
scores.grad = None
answer = scores.argmax(dim=1).float().requires_grad_()
(answer - label).square().mean().backward()
print(f"{answer.grad = }, {scores.grad = }")

assert (answer.grad.item(), scores.grad) == (-2.0, None)

# %%
# You compute under ``no_grad``
# -----------------------------
#
# You measure the validation loss under :class:`torch.no_grad`, and later use the same line for
# training.
#
# .. exhibit:: element 0 of tensors does not require grad and does not have a grad_fn
#    :name: under-no-grad
#
#    A tracked ``w``, and a block in which nothing is recorded, whatever the inputs are.
#
#    The forward pass ran where tracking was off.
#
#    Run the forward pass outside the block.
w = torch.tensor([1.0, 2.0], device=device, requires_grad=True)
with torch.no_grad():
    squares = w**2  # (2,)
    loss = squares.sum()
try:
    loss.backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("element 0 of tensors")

# %%
# **Tempting, and wrong.** Turn tracking on for the loss alone. The sum could be recorded now, but
# its input ``squares`` still has no history.
with torch.enable_grad():
    loss = squares.sum()
try:
    loss.backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("element 0 of tensors")

# %%
# **The cure.** The whole path from ``w`` to the loss is outside.
loss = (w**2).sum()
loss.backward()
print(f"{w.grad = }")

torch.testing.assert_close(w.grad, 2 * w.detach())

# %%
# You put numbers together with ``torch.tensor``
# ----------------------------------------------
#
# Two results are to become one :term:`vector`.
#
# .. exhibit:: Converting a tensor with requires_grad=True to a scalar
#    :name: torch-tensor-copies
#    :also: Consider using tensor.detach() first
#
#    A new leaf with the numbers of ``a`` and ``b``, and nothing behind it.
#
#    :func:`torch.tensor` reads numbers. Whoever is given a number cannot know where it comes from.
#
#    :func:`torch.stack` puts tensors together and is recorded.
a = torch.tensor(1.0, device=device, requires_grad=True)
b = torch.tensor(2.0, device=device, requires_grad=True)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    both = torch.tensor([a, b], device=device)  # (2,)
message = str(caught[0].message).split(" may")[0]
print(f"{caught[0].category.__name__}: {message}")
print(f"{both.requires_grad = }")

assert message.startswith("Converting a tensor with requires_grad=True")
assert not both.requires_grad

# %%
# It is only a warning, and ``float(a)`` gives it, too. The error comes later, in ``backward()``.
#
# **The cure.**
both = torch.stack([a, b])  # (2,)
(both**2).sum().backward()
print(f"{a.grad = }, {b.grad = }")

assert (a.grad.item(), b.grad.item()) == (2.0, 4.0)

# %%
# **Tempting, and wrong.** Mark the new vector. The gradient arrives there, and goes no further.
a.grad = b.grad = None
with warnings.catch_warnings(action="ignore"):
    both = torch.tensor([a, b], device=device, requires_grad=True)
(both**2).sum().backward()
print(f"{both.grad = }\n{a.grad = }, {b.grad = }")

assert (both.grad.tolist(), a.grad, b.grad) == ([2.0, 4.0], None, None)

# %%
# You read ``.grad`` of a result
# ------------------------------
#
# You make small starting weights: mark them, then multiply by 0.1. After ``backward()`` their
# ``.grad`` is empty.
#
# .. exhibit:: The .grad attribute of a Tensor that is not a leaf Tensor is being accessed
#    :name: grad-of-a-result
#    :also: Its .grad attribute won't be populated during autograd.backward()
#
#    The marked leaf, a multiplication, and ``w``, which is its result.
#
#    Only leaves keep their gradient, and the marked tensor is the one before the multiplication.
#
#    Mark at the very end, after all arithmetic.
ones = torch.ones(2, device=device, requires_grad=True)  # (2,)
w = ones * 0.1
(w**2).sum().backward()
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(f"{w.grad = }")
message = str(caught[0].message).split(".  Its")[0].split(". Its")[0]
print(f"{caught[0].category.__name__}: {message}")

assert message.startswith("The .grad attribute of a Tensor that is not")
by_hand = torch.full((2,), 0.02, device=device)  # (2,)
torch.testing.assert_close(ones.grad, by_hand)

# %%
# The gradient is not lost. It went to ``ones``, a tensor that nobody wants to train.
#
# **The cure.** Arithmetic first, then the mark. (If ``w`` really is a result whose gradient you
# want to see, call ``w.retain_grad()`` before the backward pass: :ref:`page-square`.)
w = (torch.ones(2, device=device) * 0.1).requires_grad_()
(w**2).sum().backward()
print(f"{w.is_leaf = }, {w.grad = }")

torch.testing.assert_close(w.grad, torch.full((2,), 0.2, device=device))

# %%
# **Tempting, and wrong.** Mark the result once more. It has the mark already, so nothing changes.
w = (ones * 0.1).requires_grad_()
(w**2).sum().backward()
with warnings.catch_warnings(action="ignore"):
    print(f"{w.is_leaf = }, {w.grad = }")
    assert (w.is_leaf, w.grad) == (False, None)

# %%
# You mark integers
# -----------------
#
# Numbers without a point are integers.
#
# .. exhibit:: Only Tensors of floating point and complex dtype can require gradients
#    :name: integers
#    :also: only Tensors of floating point dtype can require gradients
#
#    A mark for numbers of the type ``int64``.
#
#    A derivative asks what a tiny change does, and an integer cannot change by a tiny amount.
#
#    Write floats: ``3.0``, or ``dtype=torch.float32``.
try:
    torch.tensor([3, 4], device=device, requires_grad=True)
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("Only Tensors of floating point and complex")

# %%
# ``requires_grad_()`` says the same in its own words.
try:
    torch.tensor([3, 4], device=device).requires_grad_()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("only Tensors of floating point dtype can")

# %%
# **The cure.**
n = torch.tensor([3.0, 4.0], device=device, requires_grad=True)
(n**2).sum().backward()
print(f"{n.grad = }")

assert n.grad.tolist() == [6.0, 8.0]

# %%
# **Tempting, and wrong.** Mark a float and turn it into an integer where one is needed. The mark
# is allowed, but the conversion cuts the path.
try:
    (n.long() ** 2).sum().backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("element 0 of tensors")

# %%
# You switch off a result
# -----------------------
#
# You no longer want gradients to pass through ``y``, so you take away its mark.
#
# .. exhibit:: you can only change requires_grad flags of leaf variables
#    :name: flag-of-a-result
#    :also: If you want to use a computed variable in a subgraph that doesn't require differentiation
#
#    ``y`` has a ``grad_fn``, and it is tracked because its input is.
#
#    A mark is yours to set on a leaf only. On a result it says that there is a history.
#
#    ``y.detach()`` gives the numbers without the history.
x = torch.tensor([1.0, 2.0], device=device, requires_grad=True)
y = x**2  # (2,)
try:
    y.requires_grad = False
except RuntimeError as error:
    message = str(error).split(". ")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("you can only change requires_grad flags")

# %%
# **The cure.** Use the detached numbers. In :math:`x \cdot x^2` with a constant second factor the
# derivative is that factor, :math:`x^2`. It would be :math:`3x^2` with the whole history.
(x * y.detach()).sum().backward()
print(f"{x.grad = }")

torch.testing.assert_close(x.grad, x.detach() ** 2)

# %%
# **Tempting, and wrong.** Take the mark from the leaf ``x`` instead. That is allowed, but too late
# for ``y``, which keeps its history, and too much for ``x``: now it gets nothing, not even through
# the first factor.
x.grad = None
x.requires_grad_(False)
loss = (x * y).sum()
loss.backward()
print(f"{y.requires_grad = }, {loss.requires_grad = }")
print(f"{x.grad = }")

assert y.requires_grad
assert loss.requires_grad
assert x.grad is None

# %%
# You checkpoint the first block
# ------------------------------
#
# :term:`Checkpointing <checkpointing>` saves memory: what lies inside the block is computed again
# in the backward pass. It has two versions. The old one is called reentrant.
#
# .. exhibit:: None of the inputs have requires_grad=True
#    :name: checkpoint
#    :also: Gradients will be None
#
#    A block that ran under ``no_grad``, and no tracked tensor that entered it.
#
#    The reentrant version looks at the block's inputs only, not at its weights, and data is not tracked.
#
#    ``use_reentrant=False``.
block = nn.Linear(2, 1).to(device)
data = torch.tensor([[1.0, 3.0]], device=device)  # (1, 2)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    out = checkpoint(block, data, use_reentrant=True)  # (1, 1)
for warning in caught:
    print(f"{warning.category.__name__}: {warning.message}")
print(f"{out.requires_grad = }")

assert any("None of the inputs have" in str(w.message) for w in caught)
assert not out.requires_grad

# %%
# The error follows in ``backward()``: element 0, once more.
try:
    out.sum().backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("element 0 of tensors")

# %%
# **The cure.** The other version tracks the weights. The gradient with respect to a weight is its
# input: 1 and 3.
checkpoint(block, data, use_reentrant=False).sum().backward()
print(f"{block.weight.grad = }")

torch.testing.assert_close(block.weight.grad, data)

# %%
# **Tempting, and wrong.** Mark the output: no error, and no gradient for the block.
block.zero_grad()
with warnings.catch_warnings(action="ignore"):
    out = checkpoint(block, data, use_reentrant=True).requires_grad_()
out.sum().backward()
print(f"{block.weight.grad = }")

assert block.weight.grad is None

# %%
# What to remember
# ----------------
#
# - “Element 0” is the tensor on which you called ``backward()``. Print its ``grad_fn``: it is ``None``.
# - Then go towards the input, and print ``requires_grad``, until it is ``True``. Between this
#   ``True`` and the last ``False`` stands the culprit.
# - The usual culprits: frozen, compared, ``argmax``, ``no_grad``, ``torch.tensor``, integers.
# - To mark the loss, or a result, removes the error and keeps the mistake.
#
# Exercise
# --------
#
# Which of these keep the path, and which gradient do they give: ``floor``, ``abs``, ``sign``,
# ``argsort``, ``relu``? Guess for ``x = (-1.5, 2.5)``.

# %%
# .. answer-begin::

# %%
# ``argsort`` breaks it off. ``floor`` and ``sign`` keep it and give 0 everywhere, so they teach
# nothing. ``abs`` gives the sign, ``relu`` a 1 where the number was let through.
x = torch.tensor([-1.5, 2.5], device=device, requires_grad=True)
found = {}
ops = torch.floor, torch.abs, torch.sign, torch.argsort, torch.relu
for f in ops:
    y, gradient = f(x), None
    if y.requires_grad:
        (gradient,) = torch.autograd.grad(y.sum(), x)
        gradient = gradient.tolist()
    found[f.__name__] = gradient
    print(f"{f.__name__:8}  {gradient}")

by_hand = [[0.0, 0.0], [-1.0, 1.0], [0.0, 0.0], None, [0.0, 1.0]]
assert list(found.values()) == by_hand

# %%
# .. answer-end::
#
# On the page before, the graph had been there and was used up: :ref:`page-graph-is-gone`. On the
# next one it is there, but somebody changes the values that it keeps: :ref:`page-in-place`.
