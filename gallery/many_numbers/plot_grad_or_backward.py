r"""
.. _page-grad-or-backward:

grad or backward
================

**Two functions compute gradients,** ``backward()`` **and** ``torch.autograd.grad``\ **. Which one
do you call?** They walk the same graph and find the same numbers. The first *adds* them to
``.grad``, which is what an optimizer reads. The second *returns* them and leaves ``.grad`` alone.
"""

# %%
# The set-up. The numbers are fixed, so that you can follow on paper.
import warnings

import torch

import autograd_vi as av

device = av.pick_device()
a = torch.tensor(2.0, device=device, requires_grad=True)
b = torch.tensor(3.0, device=device, requires_grad=True)

# %%
# Return or add
# -------------
#
# Take :math:`a^2 b`, with the derivatives :math:`2ab = 12` and :math:`a^2 = 4`. Call
# :func:`torch.autograd.grad` first. It returns a tuple, one gradient for each input that you name.
grads = torch.autograd.grad(a**2 * b, (a, b))
print(grads)
print(f"{a.grad = }, {b.grad = }")

torch.testing.assert_close([grad.item() for grad in grads], [12.0, 4.0])
assert a.grad is None
assert b.grad is None

# %%
# Nothing was left in ``.grad``. Now ``backward()``, twice. Before you look on: what does the second
# call leave?
for _ in range(2):
    (a**2 * b).backward()
    print(f"{a.grad = }, {b.grad = }")

torch.testing.assert_close([a.grad.item(), b.grad.item()], [24.0, 8.0])

# %%
# It returned nothing, and it added (:ref:`page-emptying-gradients`). So ``backward()`` is for training,
# where many calls fill one ``.grad``, and ``grad`` for everything else: when you want one derivative
# as a number to go on with.
#
# ``backward()`` fills every leaf that it reaches. With ``inputs=`` it fills only those that you name:
a.grad = b.grad = None
(a**2 * b).backward(inputs=[a])
print(f"{a.grad = }, {b.grad = }")

assert a.grad == 12
assert b.grad is None

# %%
# An input that the result does not use
# -------------------------------------
#
# .. exhibit:: appears to not have been used in the graph
#    :name: unused-input
#    :also: One of the differentiated Tensors appears to not have been used in the graph
#           Set allow_unused=True if this is the desired behavior
#
#    The walk back came to its end without meeting the input that you named.
#
#    The result was computed without this input, or before it was made or marked.
#
#    Name the tensor from which you computed; if an input may be unused, ``materialize_grads=True``.
#
# What is the derivative of :math:`a^2` with respect to :math:`b`? Zero, says a mathematician. PyTorch
# finds no way from the result to ``b``, and takes the question for a mistake.
try:
    torch.autograd.grad(a**2, (a, b))
except RuntimeError as error:
    message = str(error).split(". ")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "appears to not have been used in the graph" in message

# %%
# If you meant it, say so. ``allow_unused=True`` gives ``None``: there is no way.
# ``materialize_grads=True`` gives the zero of mathematics, in the shape of the input.
unused = torch.autograd.grad(a**2, (a, b), allow_unused=True)
zero = torch.autograd.grad(a**2, (a, b), materialize_grads=True)
print(unused)
print(zero)

assert unused[1] is None
assert zero[1].shape == b.shape
assert zero[1] == 0

# %%
# If you did *not* mean it, ``allow_unused=True`` is the wrong cure. ``x[0]`` looks like a part of ``x``,
# but it is a new tensor, made after the result. Ask for the whole, and take the part of that.
x = torch.tensor([2.0, 3.0], device=device, requires_grad=True)
y = (x**2).sum()
(hidden,) = torch.autograd.grad(
    y, x[0], allow_unused=True, retain_graph=True
)
(whole,) = torch.autograd.grad(y, x)
print(f"{hidden = }, {whole[0].item() = }")

assert hidden is None
assert whole[0] == 2 * 2

# %%
# A node that is reached twice
# ----------------------------
#
# Both functions walk alike. In :math:`s = ab,\; z = s^2 + 3s` the result uses ``s`` twice. Does the way
# back run through the multiplication twice? Step through it.
s = a * b
z = s**2 + 3 * s
replay = av.replay(z, params={"a": a, "b": b})
replay

# %%
# The multiplication that made ``s`` is one step. It *waits* until both gradients have come, :math:`2s = 12`
# and 3, adds them, and runs once, with 15.
for step in replay.steps:
    entered = [gradient.tensor.item() for gradient in step.grad_outputs]
    print(f"{step.node.name or step.node.op:13} {entered}")

steps = [
    (step.node.op, step.grad_outputs[0].tensor.item())
    for step in replay.steps
]
assert steps.count(("MulBackward0", 15.0)) == 1
assert len(steps) == 6
torch.testing.assert_close((a * b).item() * 2 + 3, 15.0)

# %%
# A node runs only when all that use its result have run. This is a *topological order*, read from the
# root. Each node runs once however many ways lead to it. So a backward pass costs about as much as the
# forward pass, even where the number of ways explodes: after 40 rounds of ``t = t + t`` there are
# :math:`2^{40}` of them.
t = a
for _ in range(40):
    t = t + t
(slope,) = torch.autograd.grad(t, a)
print(f"{slope.item() == 2**40 = }")

assert slope.item() == 2**40

# %%
# The mistake: a gradient that changes the training
# -------------------------------------------------
#
# Someone wants to print the slope of a loss and calls ``backward()`` for it. The next
# :term:`training step` then uses a gradient that is too large:
w = torch.tensor(1.0, device=device, requires_grad=True)


def step_after(look):
    w.grad = None
    look()
    ((w - 3) ** 2).backward()
    return 0.1 * w.grad.item()


with_backward = step_after(
    lambda: torch.autograd.backward((w - 3) ** 2)
)
with_grad = step_after(lambda: torch.autograd.grad((w - 3) ** 2, w))
print(f"{with_backward = :.1f}, {with_grad = :.1f}")

torch.testing.assert_close([with_backward, with_grad], [-0.8, -0.4])

# %%
# Only looking must not change anything. That is what ``grad`` is for.
#
# What to remember
# ----------------
#
# - ``backward()`` adds to ``.grad`` of the leaves; ``torch.autograd.grad`` returns, and changes nothing.
# - An unused input is an error, ``None`` with ``allow_unused=True``, zero with ``materialize_grads=True``.
# - Each node waits for all its gradients, adds them, and runs once.
#
# Exercise
# --------
#
# ``torch.autograd.grad(s**2, s)`` with ``s = a * b``: ``s`` is no leaf. Does it work? And what stands in
# ``s.grad`` and ``a.grad`` afterwards?

# %%
# .. answer-begin::

# %%
# It works: you may ask for the gradient with respect to any tensor of the graph, and no
# ``retain_grad()`` (:ref:`page-square`) is needed. :math:`2s = 12`. Nothing is added anywhere:
# both ``.grad`` stay ``None``.
a.grad = b.grad = None
s = a * b
(at_s,) = torch.autograd.grad(s**2, s)
with warnings.catch_warnings(action="ignore"):
    print(f"{at_s.item() = }, {s.grad = }, {a.grad = }")
    assert (s.grad, a.grad) == (None, None)

assert at_s == 12

# %%
# .. answer-end::
#
# In :ref:`page-jacobian-products` the gradients added up. Now you can have them one by one. Next: what
# comes back through an operation that copies a number many times? :ref:`page-broadcasting`.
