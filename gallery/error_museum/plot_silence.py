r"""
.. _page-silence:

No message, wrong numbers
=========================

**Nothing complains. How do you notice that the** :term:`gradients <gradient>` **are wrong?** You
compare one number with one that you know. Eight mistakes stand here that PyTorch cannot see,
because each of them is a correct program for something that you did not mean. For each there is
a short check.
"""

# %%
import math

import torch

import autograd_vi as av

device = av.pick_device()

# %%
# ``.data`` goes behind autograd's back
# -------------------------------------
#
# .. exhibit:: The gradient is wrong after a change through .data
#    :name: data
#    :shown: w.grad.item() = 0.09
#    :also: tensor.data in-place wrong gradient
#           difference between .data and .detach()
#
#    The backward pass multiplied by s(1 − s) with the s that it found, not with the s of the
#    forward pass.
#
#    A write through ``.data`` is not counted, so autograd cannot know that a saved value changed.
#
#    Write through ``detach()``, which is counted, or better: compute a new tensor.
#
# The :term:`derivative` of the sigmoid s is s(1 − s), and its node has saved s. At 3 the sigmoid
# is 0.95. Cut it to 0.9, once through ``.data``. Before you look on: the node finds 0.9 in place
# of 0.95. Which derivative does it compute?
w = torch.tensor(3.0, device=device, requires_grad=True)
s = w.sigmoid()
s.data.clamp_(max=0.9)
s.backward()
print(f"w.grad.item() = {w.grad.item():.4f}")

torch.testing.assert_close(w.grad, w.new_tensor(0.9 * (1 - 0.9)))

# %%
# 0.09 is the derivative of nothing: without the cut it is 0.0452, and above the cut it is 0.
# Through ``detach()`` the same write is noticed. (The message is an exhibit of its own; you find
# it in :doc:`/errors`.)
s = w.sigmoid()
s.detach().clamp_(max=0.9)
try:
    s.backward()
except RuntimeError as error:
    message = str(error).split(": [")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

(gradient,) = torch.autograd.grad(w.sigmoid().clamp(max=0.9), w)
print(f"{gradient.item() = }")

assert "modified by an inplace operation" in message
assert gradient == 0

# %%
# The wrong cure assigns to ``.data`` instead of writing through it. Nothing is overwritten now, so
# the node has its old s back. But nobody told it of the cut: 0.0452, where 0 is right.
w.grad = None
s = w.sigmoid()
s.data = s.detach().clamp(max=0.9)
s.backward()
print(f"{w.grad.item() = :.4f}")

slope = 1 / (2 + math.exp(3) + math.exp(-3))
torch.testing.assert_close(w.grad, w.new_tensor(slope))

# %%
# Several backward passes, one update
# -----------------------------------
#
# .. exhibit:: Accumulated micro-batches give a gradient that is k times too large
#    :name: micro-batch-mean
#    :shown: parts.tolist() = [6.0
#    :also: gradient accumulation divide loss by number of steps
#           accumulate gradients mean loss wrong
#
#    Two means arrived in ``.grad`` and were added.
#
#    The sum of k means is k times the mean of the whole batch, if the parts are equally large.
#
#    Divide each part's loss by k.
#
# A batch of four does not fit, so you take two halves and let ``.grad`` collect. The loss is a
# mean.
x = torch.tensor([1.0, 3.0, 2.0, 6.0], device=device)
w = torch.tensor([1.0], device=device, requires_grad=True)
(whole,) = torch.autograd.grad((w * x).mean(), w)
for part in x.split(2):
    (w * part).mean().backward()
parts = w.grad.clone()
print(f"{whole.tolist() = }")
print(f"{parts.tolist() = }")

torch.testing.assert_close(whole, w.new_tensor([(1 + 3 + 2 + 6) / 4]))
torch.testing.assert_close(parts, 2 * whole)

# %%
# The check is what you see: the gradient of the whole batch, once, on a batch that does fit.
w.grad = None
for part in x.split(2):
    ((w * part).mean() / 2).backward()
print(f"{w.grad.tolist() = }")

torch.testing.assert_close(w.grad, whole)


# %%
# The wrong cure does not touch the loss, and divides the :term:`learning rate` by k. For each
# optimizer, here is ``w`` after one step of either kind. Which pairs agree?
def stepped(optimizer_class, lr, divisor, **more):
    w = torch.tensor([1.0], device=device, requires_grad=True)
    optimizer = optimizer_class([w], lr=lr, **more)
    for part in x.split(2):
        ((w * part).mean() / divisor).backward()
    optimizer.step()
    return round(w.item(), 3)


SGD, Adam = torch.optim.SGD, torch.optim.Adam
pairs = []
for kind, more in ((SGD, {}), (SGD, {"weight_decay": 1}), (Adam, {})):
    cured = stepped(kind, lr=0.1, divisor=2, **more)
    tempting = stepped(kind, lr=0.05, divisor=1, **more)
    pairs.append((cured, tempting))
print(pairs)

assert pairs == [(0.7, 0.7), (0.6, 0.65), (0.9, 0.95)]

# %%
# Of these three, only plain SGD does not care. :term:`Weight decay <weight decay>` lost half of
# its pull. :term:`Adam` divides each gradient by its own size, so the factor k never reached the
# step, and the smaller learning rate halves it. Clipping by a norm would meet a norm k times too
# large.

# %%
# Nobody emptied the gradients
# ----------------------------
#
# .. exhibit:: The gradient grows from round to round
#    :name: forgotten-zero-grad
#    :shown: [2.0, 4.0, 6.0]
#    :also: forgot optimizer.zero_grad
#           gradients accumulate every iteration
#
#    Each backward pass added its gradient to what ``.grad`` held already.
#
#    Between two rounds nothing emptied ``.grad``.
#
#    Call ``optimizer.zero_grad()`` in each round; :ref:`page-emptying-gradients` tells where.
#
# The gradient of 2w is 2, wherever w is. These are three rounds of training:
w = torch.tensor(1.0, device=device, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
seen = []
for _ in range(3):
    (2 * w).backward()
    optimizer.step()
    seen.append(w.grad.item())
print(seen)

assert seen == [2, 4, 6]

# %%
# The wrong cure empties once, before the loop. That clears what was left; the rounds pile up as
# before.
optimizer.zero_grad()
seen = []
for _ in range(3):
    (2 * w).backward()
    optimizer.step()
    seen.append(w.grad.item())
print(seen)

assert seen == [2, 4, 6]

# %%
# The check: in the first rounds compare ``.grad`` with a gradient that you know. With the emptying
# in its place every round gives 2.
seen = []
for _ in range(3):
    optimizer.zero_grad()
    (2 * w).backward()
    optimizer.step()
    seen.append(w.grad.item())
print(seen)

assert seen == [2, 2, 2]

# %%
# A frozen layer moves
# --------------------
#
# .. exhibit:: A frozen BatchNorm layer still changes
#    :name: frozen-batchnorm
#    :shown: bn.running_mean.item() = 0.2
#    :also: requires_grad False but running_mean changes
#           freeze batchnorm layers running statistics
#
#    In train mode the forward pass writes the running mean and variance; no gradient takes part in
#    it.
#
#    ``requires_grad_(False)`` stops gradients, and the running mean never had one.
#
#    Put the layer in eval mode, after every ``model.train()``.
#
# You freeze a layer for :term:`fine-tuning`. Its :term:`running mean` starts at 0. One
# :term:`forward pass` later:
bn = torch.nn.BatchNorm1d(1).to(device).requires_grad_(False)
rows = torch.tensor([[1.0], [3.0]], device=device)  # (2, 1)
bn(rows)
print(f"bn.running_mean.item() = {bn.running_mean.item():.4f}")

torch.testing.assert_close(bn.running_mean, 0.1 * rows.mean(dim=0))

# %%
# It took a tenth of the batch's mean 2. The wrong cure is ``no_grad``: it stops the recording, and
# the running mean was never recorded.
before = bn.running_mean.clone()
with torch.no_grad():
    bn(rows)
print(f"{torch.equal(bn.running_mean, before) = }")

moved = 0.9 * before + 0.1 * rows.mean(dim=0)
torch.testing.assert_close(bn.running_mean, moved)

# %%
# The check: keep ``running_mean.clone()`` and compare. In eval mode it stays.
before = bn.running_mean.clone()
bn.eval()
bn(rows)
print(f"{torch.equal(bn.running_mean, before) = }")

assert torch.equal(bn.running_mean, before)

# %%
# A prediction that depends on its neighbours
# -------------------------------------------
#
# .. exhibit:: The same row gives different predictions
#    :name: train-mode
#    :shown: [-1.0, 1.0]
#    :also: model output changes every time I run it
#           forgot model.eval()
#           no_grad is not model.eval
#
#    The layer normalized the row with the mean and variance of the batch in which it stood.
#
#    The model is still in train mode.
#
#    Call ``model.eval()`` before you predict; ``no_grad`` is another switch.
#
# The row 1 stands once beside 3 and once beside −1. Nothing is recorded, as it should be for a
# prediction. Is that enough?
bn = torch.nn.BatchNorm1d(1).to(device)
seen = []
for neighbour in (3.0, -1.0):
    rows = torch.tensor([[1.0], [neighbour]], device=device)
    with torch.no_grad():
        seen.append(round(bn(rows)[0].item(), 3))
print(seen)

assert seen == [-1, 1]

# %%
# So ``no_grad`` is the wrong cure. It decides what is recorded; ``eval()`` decides what is computed.
# The check: predict one row beside different neighbours; the prediction must not change.
bn = torch.nn.BatchNorm1d(1).to(device).eval()
seen = []
for neighbour in (3.0, -1.0):
    rows = torch.tensor([[1.0], [neighbour]], device=device)
    with torch.no_grad():
        seen.append(round(bn(rows)[0].item(), 3))
print(seen)

assert seen == [1, 1]

# %%
# The loss never looks at the labels
# ----------------------------------
#
# .. exhibit:: The loss falls, but the model learns nothing about the labels
#    :name: labels-ignored
#    :shown: other.tolist() = [4.0]
#    :also: loss becomes negative and keeps falling
#           loss decreases but accuracy does not improve
#
#    The labels entered as a constant that is added; the derivative of a constant is 0.
#
#    A plain difference can fall for ever: it has no lowest value, and passes the labels without
#    stopping.
#
#    Use a loss that is smallest at the labels, such as the squared difference.
#
# The difference of prediction and :term:`label` tells how far off you are, so let us make it
# small. Before you look on: how does the gradient depend on the labels?
x = torch.tensor([1.0, 3.0], device=device)
labels = torch.tensor([2.0, 6.0], device=device)
w = torch.tensor([1.0], device=device, requires_grad=True)
(ours,) = torch.autograd.grad((w * x - labels).sum(), w)
(other,) = torch.autograd.grad((w * x + 100 * labels).sum(), w)
print(f"{ours.tolist() = }")
print(f"{other.tolist() = }")

torch.testing.assert_close(ours, x.sum().reshape(1))
torch.testing.assert_close(other, ours)

# %%
# The wrong cure squares the *sum*. The loss has a lowest value now, and the labels do enter. But
# only their sum does: exchange the two labels, and nothing changes.
for answers in (labels, labels.flip(0)):
    loss = (w * x - answers).sum() ** 2
    (gradient,) = torch.autograd.grad(loss, w)
    print(f"{answers.tolist() = }, {gradient.tolist() = }")
    of_sum = 2 * (x - answers).sum() * x.sum()
    torch.testing.assert_close(gradient, of_sum.reshape(1))

assert of_sum == 2 * (4 - 8) * 4

# %%
# The check: change the labels, and the gradient must change. At the labels it must be 0; here
# ``w = 2`` predicts them exactly.
(ours,) = torch.autograd.grad(((w * x - labels) ** 2).sum(), w)
(other,) = torch.autograd.grad(((w * x + labels) ** 2).sum(), w)
best = torch.tensor([2.0], device=device, requires_grad=True)
(there,) = torch.autograd.grad(((best * x - labels) ** 2).sum(), best)
print(f"{ours.tolist() = }, {other.tolist() = }, {there.tolist() = }")

slope = 2 * x
torch.testing.assert_close(ours, (slope * (x - labels)).sum(0, True))
torch.testing.assert_close(other, (slope * (x + labels)).sum(0, True))
assert there == 0


# %%
# A hook that returns nothing
# ---------------------------
#
# .. exhibit:: A hook changes nothing
#    :name: hook-returns-nothing
#    :shown: w.grad.item() = 5.0
#    :also: register_hook does not change the gradient
#           gradient clipping hook has no effect
#
#    The hook's result was ``None``, and that means: go on with the gradient as it is.
#
#    The hook computed a new gradient and did not return it.
#
#    Return the new gradient.
#
# A :term:`hook` sees each gradient before it is stored. This one wants to limit it to 1.
def limit(gradient):
    gradient.clamp(-1, 1)


w = torch.tensor(1.0, device=device, requires_grad=True)
handle = w.register_hook(limit)
(5 * w).backward()
print(f"{w.grad.item() = }")

assert w.grad == 5


# %%
# The wrong cure gives the result the old name. That changes what the name stands for inside the
# function, and nobody outside sees it.
def renamed(gradient):
    gradient = gradient.clamp(-1, 1)


handle.remove()
w.grad = None
handle = w.register_hook(renamed)
(5 * w).backward()
print(f"{w.grad.item() = }")

assert w.grad == 5


# %%
# The check: feed it a gradient that is surely too large, as here. With a ``return``, it works.
def limit(gradient):
    return gradient.clamp(-1, 1)


handle.remove()
w.grad = None
w.register_hook(limit)
(5 * w).backward()
print(f"{w.grad.item() = }")

assert w.grad == 1

# %%
# A parameter that no loss reaches
# --------------------------------
#
# .. exhibit:: A parameter never changes, because no loss reaches it
#    :name: unreached
#    :shown: replayed.unreached = ('c',)
#    :also: parameter grad is None after backward
#           some weights are not updated during training
#           find unused parameters
#
#    The walk back began at the loss and met every tensor of its graph; ``c`` is not among them.
#
#    The forward pass never used ``c``, or used it in a result that was thrown away.
#
#    Use it where the loss can see it, or delete it.
#
# The model should be a·x + b + c, but its author overwrites a line. Optimizers skip a parameter
# whose ``.grad`` is ``None``, so nothing complains. In the picture ``c`` is missing.
a = torch.tensor(2.0, device=device, requires_grad=True)
b = torch.tensor(3.0, device=device, requires_grad=True)
c = torch.tensor(4.0, device=device, requires_grad=True)
y = a * 5.0 + c
y = a * 5.0 + b
replayed = av.replay(y, params={"a": a, "b": b, "c": c})
print(f"{replayed.unreached = }")
av.trace(y, params={"a": a, "b": b, "c": c})

# %%
# The check is :attr:`~autograd_vi.Replay.unreached`, or for a module the list below. Run it once,
# after the first backward pass.
named = {"a": a, "b": b, "c": c}
print(f"{[name for name, p in named.items() if p.grad is None] = }")

assert replayed.unreached == ("c",)
assert [name for name, p in named.items() if p.grad is None] == ["c"]
assert (a.grad, b.grad) == (5, 1)

# %%
# The wrong cure silences the check: ``0 * c`` brings a gradient to ``c``, and it is 0, whatever the
# data. In the sum as it was meant, ``c`` counts once.
(silenced,) = torch.autograd.grad(a * 5.0 + b + 0 * c, c)
(meant,) = torch.autograd.grad(a * 5.0 + b + c, c)
print(f"{silenced.item() = }, {meant.item() = }")

assert (silenced, meant) == (0, 1)

# %%
# What to remember
# ----------------
#
# - No message only means that the program was legal.
# - Take an example so small that you know the gradient, and compare: once, before the long run.
# - Change something that must matter (a label), and something that must not (a neighbour).
# - After the first backward pass, ask which parameters have no gradient.
#
# Exercise
# --------
#
# To keep ``w`` small, someone adds a penalty: ``loss = (w - 5) ** 2 + 10 * w.item() ** 2``.
# Predict the gradient at w = 1. Which one did they want?

# %%
# .. answer-begin::

# %%
# ``item()`` makes a plain number of ``w``, a constant for autograd. So only 2(w − 5) = −8 arrives.
# Wanted was −8 + 20w = 12, of the other sign. The check: the gradient must change when the
# penalty's factor does.
w = torch.tensor(1.0, device=device, requires_grad=True)
(cut,) = torch.autograd.grad((w - 5) ** 2 + 10 * w.item() ** 2, w)
(meant,) = torch.autograd.grad((w - 5) ** 2 + 10 * w**2, w)
print(f"{cut.item() = }, {meant.item() = }")

torch.testing.assert_close(cut, w.new_tensor(2 * (1.0 - 5)))
torch.testing.assert_close(meant, w.new_tensor(2 * (1.0 - 5) + 20))

# %%
# .. answer-end::
#
# You came from the mistakes of the step (:ref:`page-optimizer`). All mistakes, those with a
# message too, stand in :doc:`/errors`. This closes the part; the next one goes further:
# :ref:`page-second-derivatives`.
