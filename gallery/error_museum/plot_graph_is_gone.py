r"""
.. _page-graph-is-gone:

The graph is gone
=================

**Why does the second backward pass fail?** Because the first one threw away what it had read. The
error has one message and four usual causes, and each of them has another cure.
"""

# %%
# The set-up: random numbers that are the same on every run, and a device.
import math
from itertools import pairwise

import torch
from torch import nn
from torch.nn.functional import softplus

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# You call ``backward()`` twice
# -----------------------------
#
# One loss, two :term:`backward passes <backward pass>`. You expect the same gradient both times.
#
# .. exhibit:: Trying to backward through the graph a second time
#    :name: backward-twice
#    :also: Saved intermediate values of the graph are freed when you call .backward() or autograd.grad()
#           directly access saved tensors after they have already been freed
#           directly access saved variables after they have already been freed
#           but the buffers have already been freed
#           but the saved intermediate results have already been freed
#           Specify retain_graph=True
#
#    All nodes are still there, but the square has lost the values that it saved.
#
#    A backward pass frees the :term:`saved tensors` on its way, since usually nobody needs them again.
#
#    One forward pass for each backward pass.
x = torch.tensor([1.0, 2.0, 3.0], device=device, requires_grad=True)
squares = x**2  # (3,)
loss = squares.sum()
loss.backward()
try:
    loss.backward()
except RuntimeError as error:
    message = str(error).split(" (")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message == "Trying to backward through the graph a second time"
torch.testing.assert_close(x.grad, 2 * x.detach())

# %%
# ``x.grad`` still holds the first result. The :term:`graph <computational graph>` still has its
# three nodes, too. But :math:`2x` needs ``x``, and the node that had saved it no longer has it.
av.print_dag(loss, params={"x": x})
try:
    squares.grad_fn._saved_self
except RuntimeError as error:
    print(str(error).split("(or ")[1].split(")")[0])
else:
    raise AssertionError

operations = [node.op for node in av.trace(loss).nodes]
assert operations[:2] == ["SumBackward0", "PowBackward0"]

# %%
# **The cure.** Run forward again. Each round then has a graph of its own.
for _ in range(2):
    x.grad = None
    loss = (x**2).sum()
    loss.backward()
    print(f"{x.grad = }")
    torch.testing.assert_close(x.grad, 2 * x.detach())

# %%
# **Tempting, and wrong.** The message itself proposes ``retain_graph=True``, and the error goes
# away. Before you look on: what is in ``x.grad`` now?
x.grad = None
loss = (x**2).sum()
loss.backward(retain_graph=True)
loss.backward()
print(f"{x.grad = }")

torch.testing.assert_close(x.grad, 4 * x.detach())

# %%
# The same gradient was :term:`added a second time <to accumulate>`, and your step would be twice
# too long. In a loop with an update it is worse: the old graph gives the gradients of old weights
# (:ref:`page-jacobian-products`), or another error, as you will see below.
#
# You carry a hidden state from step to step
# ------------------------------------------
#
# A recurrent network reads a sequence: the new state is made from the input and from the old
# state. You want to learn after each input. The first round goes well.
#
# .. exhibit:: Trying to backward through the graph a second time
#    :name: hidden-state
#
#    The new state hangs on the old one, and so its graph reaches back to the first step.
#
#    The second backward pass walks on into the first step, and the values there are already freed.
#
#    Detach the state at the start of each step, or add up the losses and go back once.


def cell(x, h):
    return torch.tanh(w * h + x)


w = torch.tensor(0.5, device=device, requires_grad=True)
xs = torch.tensor([1.0, -0.5, 0.8], device=device)  # (3,)
h = torch.zeros((), device=device)

# %%
# The loop as one writes it first:
try:
    for step, x in enumerate(xs):
        print(f"{step = }")
        h = cell(x, h)
        (h**2).backward()
except RuntimeError as error:
    message = str(error).split(" (")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert step == 1
assert message == "Trying to backward through the graph a second time"

# %%
# The error comes in the second round. This is the graph of ``h`` at that moment: two steps, one
# behind the other.
graph = av.trace(h, params={"w": w})
operations = [node.op for node in graph.nodes]
assert operations.count("TanhBackward0") == 2
graph

# %%
# **The cure: cut.** ``h.detach()`` keeps the number and drops its past. Each step learns as if the
# state before it were given from outside.
h, states = torch.zeros((), device=device), [0.0]
w.grad = None
for x in xs:
    h = cell(x, h.detach())
    (h**2).backward()
    states.append(h.item())
truncated = w.grad.item()
print(f"{truncated = :.4f}")

by_hand = sum(2 * h * (1 - h**2) * old for old, h in pairwise(states))
assert math.isclose(truncated, by_hand, rel_tol=1e-4)

# %%
# **The other cure: go back once.** Add up the losses and call ``backward()`` after the last step.
# Then ``w`` also learns what it did to later states. That is another number, and for the summed
# loss it is the whole gradient.
h, loss, w.grad = torch.zeros((), device=device), 0, None
for x in xs:
    h = cell(x, h)
    loss = loss + h**2
loss.backward()
whole = w.grad.item()
print(f"{whole = :.4f}")

assert abs(whole - truncated) > 0.01


# %%
# :term:`Finite differences <finite differences>` say the same: the whole loop in plain Python, once
# with a slightly smaller and once with a slightly larger ``w``.
def total(w):
    h, loss = 0.0, 0.0
    for x in xs.tolist():
        h = math.tanh(w * h + x)
        loss += h**2
    return loss


by_differences = (total(0.5 + 1e-5) - total(0.5 - 1e-5)) / 2e-5
print(f"{by_differences = :.4f}")

assert math.isclose(whole, by_differences, rel_tol=1e-3)

# %%
# **Tempting, and wrong.** ``retain_graph=True`` once more. As soon as the loop also updates ``w``,
# another error comes: an older step needs the old ``w``, and that was overwritten.
h, w.grad = torch.zeros((), device=device), None
try:
    for step, x in enumerate(xs):
        print(f"{step = }")
        h = cell(x, h)
        (h**2).backward(retain_graph=True)
        with torch.no_grad():
            w -= 0.1 * w.grad
except RuntimeError as error:
    message = str(error).split(":")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.endswith("modified by an inplace operation")

# %%
# Two networks share one forward pass
# -----------------------------------
#
# A generator makes fakes, a discriminator gives each a score. The discriminator wants the scores
# of fakes low, the generator wants them high. So there are two losses from the same scores.
#
# .. exhibit:: Trying to backward through the graph a second time
#    :name: generator-and-discriminator
#
#    One graph that runs through both networks, and two roots that hang on it.
#
#    The discriminator's backward pass went on through the generator and freed what both had saved.
#
#    The discriminator's loss takes ``fake.detach()``, and the generator's loss takes a new score.
generator = nn.Linear(1, 1).to(device)
discriminator = nn.Linear(1, 1).to(device)
noise = torch.rand(4, 1, generator=g).to(device)  # (4, 1)
fake = generator(noise)  # (4, 1)
score = discriminator(fake)  # (4, 1)

# %%
# With :math:`\operatorname{softplus}(s) = \log(1 + e^s)`, binary cross-entropy is
# ``softplus(score)`` for the label 0 and ``softplus(-score)`` for the label 1.
try:
    softplus(score).mean().backward()
    softplus(-score).mean().backward()
except RuntimeError as error:
    message = str(error).split(" (")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError
print(f"{generator.weight.grad is None = }")

assert message == "Trying to backward through the graph a second time"
assert generator.weight.grad is not None

# %%
# The last line is the hint: the *discriminator's* loss left a gradient in the *generator*.
#
# **The cure.** Cut the fakes off for the discriminator, let it take its step, and then ask it
# again. The generator hears of its own loss only.
optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.1)
generator.zero_grad()
optimizer.zero_grad()
softplus(discriminator(fake.detach())).mean().backward()
print(f"{generator.weight.grad = }")
optimizer.step()

assert generator.weight.grad is None

# %%
# The new score comes from the new discriminator. The derivative of
# :math:`\operatorname{softplus}(-s)` is :math:`-\sigma(-s)`, so the gradient can be checked by
# hand. (The discriminator received a gradient as well. Its ``zero_grad()`` in the next round takes
# that away.)
fake = generator(noise)  # (4, 1)
score = discriminator(fake)  # (4, 1)
softplus(-score).mean().backward()
print(f"{generator.weight.grad = }")

sigmoid = torch.sigmoid(-score.detach())  # (4, 1)
by_hand = -sigmoid.T @ noise / 4 * discriminator.weight.detach()
close = {"rtol": 1e-3, "atol": 1e-4}
torch.testing.assert_close(generator.weight.grad, by_hand, **close)

# %%
# **Tempting, and wrong.** With ``retain_graph=True`` the second pass would start, but between the
# two the discriminator has moved.
score = discriminator(generator(noise))  # (4, 1)
softplus(score).mean().backward(retain_graph=True)
optimizer.step()
try:
    softplus(-score).mean().backward()
except RuntimeError as error:
    message = str(error).split(":")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.endswith("modified by an inplace operation")

# %%
# Two losses share the features
# -----------------------------
#
# One network, two tasks: both losses start from the same features :math:`w_i^2`. The first adds
# them up, the second gives them the weights ``v`` of its own :term:`head`. On paper, the gradients
# with respect to ``w`` are :math:`2w_i` and :math:`2v_iw_i`, here (2, 4) and (6, 4). You want
# their sum in ``w.grad``.
#
# .. exhibit:: Trying to backward through the graph a second time
#    :name: two-losses
#
#    Two roots, and one square below both of them.
#
#    The first loss freed the part that both share.
#
#    Add the losses and go back once.
w = torch.tensor([1.0, 2.0], device=device, requires_grad=True)
v = torch.tensor([3.0, 1.0], device=device, requires_grad=True)
features = w**2  # (2,)
features.sum().backward()
try:
    (v * features).sum().backward()
except RuntimeError as error:
    message = str(error).split(" (")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message == "Trying to backward through the graph a second time"

# %%
# **The cure.** A gradient of a sum is the sum of the gradients, and PyTorch walks the shared part
# once.
w.grad, v.grad = None, None
features = w**2  # (2,)
(features.sum() + (v * features).sum()).backward()
print(f"{w.grad = }, {v.grad = }")

assert w.grad.tolist() == [8.0, 8.0]
assert v.grad.tolist() == [1.0, 4.0]

# %%
# **When** ``retain_graph=True`` **is right.** You want to see the two gradients *apart*, and
# nothing changes between the two passes. The last pass goes without it, so that the memory is
# freed.
features = w**2  # (2,)
first, second = features.sum(), (v * features).sum()
(of_first,) = torch.autograd.grad(first, w, retain_graph=True)
(of_second,) = torch.autograd.grad(second, w)
print(f"{of_first = }\n{of_second = }")

assert of_first.tolist() == [2.0, 4.0]
assert of_second.tolist() == [6.0, 4.0]

# %%
# **Tempting, and wrong.** Detaching helped above, so detach here? No error comes, and the head
# ``v`` learns. But the second loss no longer reaches ``w``: the features learn nothing from its
# task.
w.grad, v.grad = None, None
features = w**2  # (2,)
features.sum().backward()
(v * features.detach()).sum().backward()
print(f"{w.grad = }, {v.grad = }")

assert w.grad.tolist() == [2.0, 4.0]
assert v.grad.tolist() == [1.0, 4.0]

# %%
# What to remember
# ----------------
#
# - The graph is not deleted after ``backward()``. What it saved is.
# - Look for the part that was *not* run again: a loss, an old state, a score, shared features.
# - Past that nobody should learn from: ``detach()``. Several losses: add them.
# - ``retain_graph=True`` is right when two passes go through one forward pass, and nothing changes
#   between them.
#
# Exercise
# --------
#
# The message comes from a node that has lost something. Which of these four lets you go back twice
# without an error: ``neg``, ``square``, ``exp``, ``mean``?

# %%
# .. answer-begin::

# %%
# ``neg`` and ``mean``, which save no tensor: the derivative of :math:`-x` is −1, that of the mean
# :math:`1/n`, whatever ``x`` is. Do not rely on it. The second pass adds the same gradient once
# more, and no error warns you.
raised = []
x = torch.tensor([1.0, 2.0], device=device, requires_grad=True)
for f in (torch.neg, torch.square, torch.exp, torch.mean):
    loss = f(x).sum()
    loss.backward()
    try:
        loss.backward()
    except RuntimeError:
        raised.append(f.__name__)
print(f"{raised = }")

assert raised == ["square", "exp"]

# %%
# .. answer-end::
#
# Here a graph had been there and was used up. On the next page there never was one:
# :ref:`page-nothing-to-differentiate`.
