r"""
.. _page-hooks:

Hooks
=====

**How do you look into a backward pass while it runs?** Register a function of yours, a hook.
PyTorch calls it with the gradient that has just been computed. If the hook returns a tensor, the
walk goes on with that one.
"""

# %%
# The set-up. (The seed is for the weights of a small network.)
import torch

import autograd_vi as av

av.seed_everything(0)
device = av.pick_device()

# %%
# Look at a gradient
# ------------------
#
# ``.grad`` holds the gradients of :term:`leaves <leaf>` alone. What arrives at ``y``, in the
# middle, is gone after the :term:`backward pass`. A :term:`hook` sees it pass by.
x = torch.tensor([1.0, 2.0], device=device, requires_grad=True)  # (2,)
y = x**2  # (2,)
seen = []
y.register_hook(seen.append)
(y**2).sum().backward()
print(f"{seen = }")
print(f"{x.grad = }")

torch.testing.assert_close(seen, [2 * x.detach() ** 2])
torch.testing.assert_close(x.grad, 4 * x.detach() ** 3)

# %%
# :math:`\partial \sum y^2 / \partial y = 2y` passed by, and ``x.grad`` is what it should be. A
# hook that returns ``None`` (``append`` does) changes nothing.
#
# Change a gradient
# -----------------
#
# What a hook returns takes the place of the gradient, for all that comes after it. This one lets
# no entry be larger than 3. Step through it: what does the node of ``y**2`` send to the node of
# ``y``, and what arrives there?
x = torch.tensor([1.0, 2.0], device=device, requires_grad=True)  # (2,)
y = x**2  # (2,)
y.register_hook(lambda gradient: gradient.clamp(max=3))
replay = av.replay((y**2).sum(), params={"x": x})
sent = replay.steps[1].grad_inputs[0].tensor
arrived = replay.steps[2].grad_outputs[0].tensor
assert sent.tolist() == (2 * y).tolist() == [2, 8]
assert arrived.tolist() == [2, 3]
replay

# %%
# ``[2, 8]`` was sent, and ``[2, 3]`` arrived. Times the local derivative :math:`2x` this makes
# ``[4, 12]`` for ``x``, instead of ``[4, 32]``.
print(f"{x.grad = }")

torch.testing.assert_close(x.grad, x.grad.new_tensor([4, 12]))

# %%
# The mistake: a hook that returns nothing
# ----------------------------------------
#
# The first of these hooks should double the gradient. It computes the double and keeps it to
# itself: no error, no warning.


def doubled_in_vain(gradient):
    gradient = 2 * gradient


def doubled(gradient):
    return 2 * gradient


# %%
# Predict both gradients.
x = torch.tensor([1.0, 2.0], device=device, requires_grad=True)  # (2,)
for hook, factor in ((doubled_in_vain, 3), (doubled, 6)):
    y = 3 * x  # (2,)
    y.register_hook(hook)
    (gradient,) = torch.autograd.grad(y.sum(), x)
    print(f"{hook.__name__ = }, {gradient.tolist() = }")
    assert gradient.tolist() == [factor, factor]

# %%
# Nor should a hook write into the gradient that it gets: others may still read the same tensor.
# Return a new one.
#
# Remove a hook
# -------------
#
# ``y`` above is new in each round, and its hook goes with the old one. A leaf stays, and its
# hooks stay with it. Whoever registers inside a loop has two hooks in the second round and three
# in the third, and each of them doubles.
w = torch.tensor(1.0, device=device, requires_grad=True)  # ()
handles = []
for _ in range(3):
    handles.append(w.register_hook(doubled))
    (gradient,) = torch.autograd.grad(3 * w, w)
    print(f"{len(handles) = }, {gradient.item() = }")
    assert gradient.item() == 3 * 2 ** len(handles)

# %%
# So register before the loop, keep the handle that you get back, and remove the hook with it.
for handle in handles:
    handle.remove()
(gradient,) = torch.autograd.grad(3 * w, w)
print(f"{gradient.item() = }")

assert gradient.item() == 3

# %%
# On a node
# ---------
#
# A hook on a tensor sees one gradient. A hook on a :term:`node` sees both sides of it: what the
# node sends to its inputs, and what had arrived at its output. The node of the product
# :math:`p\,q` multiplies what arrives by :math:`q` for ``p``, and by :math:`p` for ``q``.
p = torch.tensor(2.0, device=device, requires_grad=True)  # ()
q = torch.tensor(5.0, device=device, requires_grad=True)  # ()
product = p * q


def log_node(grad_inputs, grad_outputs):
    print(f"{[g.item() for g in grad_outputs] = }")
    print(f"{[g.item() for g in grad_inputs] = }")


product.grad_fn.register_hook(log_node)
(3 * product).backward()

assert (p.grad.item(), q.grad.item()) == (5 * 3, 2 * 3)

# %%
# On a module
# -----------
#
# A :term:`module` takes hooks for both ways: one that sees inputs and output of the
# :term:`forward pass`, and one that sees their gradients. So you can log every :term:`layer` of
# a network without touching its code.
layers = torch.nn.Linear(3, 2), torch.nn.Linear(2, 1)
model = torch.nn.Sequential(*layers).to(device)
log = []
rows = torch.ones(4, 3, device=device, requires_grad=True)  # (4, 3)


def log_output(module, inputs, output):
    log.append(("forward", module.out_features, tuple(output.shape)))


def log_gradient(module, grad_inputs, grad_outputs):
    shape = tuple(grad_outputs[0].shape)
    log.append(("backward", module.out_features, shape))


# %%
# Both are registered on both layers. Four rows go in, and they are tracked. (Else PyTorch warns
# that the first layer has no input whose gradient it could show.) Predict the order of the four
# lines.
for layer in model:
    layer.register_forward_hook(log_output)
    layer.register_full_backward_hook(log_gradient)
model(rows).sum().backward()
for line in log:
    print(line)

ways, widths, shapes = zip(*log, strict=True)
assert ways == ("forward", "forward", "backward", "backward")
assert widths == (2, 1, 1, 2)
assert shapes == ((4, 2), (4, 1), (4, 1), (4, 2))

# %%
# When a gradient is complete
# ---------------------------
#
# A hook on a leaf runs *before* the gradient is added to ``.grad``.
# :meth:`~torch.Tensor.register_post_accumulate_grad_hook` runs *after* it. There the whole update
# can happen: the leaf takes its step, and drops its gradient at once. ``alive`` counts how many
# gradients there are at each step.


alive = []


def step(leaf):
    alive.append(sum(weight.grad is not None for weight in weights))
    with torch.no_grad():
        leaf -= 0.1 * leaf.grad
    leaf.grad = None


# %%
# Two leaves get this hook.
first = torch.ones(2, device=device, requires_grad=True)  # (2,)
second = torch.full((2,), 2.0, device=device).requires_grad_()  # (2,)
weights = [first, second]
for weight in weights:
    weight.register_post_accumulate_grad_hook(step)

# %%
# ``backward()`` alone now trains. The gradient of :math:`\sum w^2` is :math:`2w`, so each
# :term:`weight` becomes :math:`1 - 0.2 = 0.8` of itself. And ``alive`` will say that the two
# leaves never hold a gradient at the same time.
sum((weight**2).sum() for weight in weights).backward()
for weight in weights:
    print(f"{weight = }, {weight.grad = }")
print(f"{alive = }")

ends = [weight.tolist() for weight in weights]
torch.testing.assert_close(ends, [[0.8, 0.8], [1.6, 1.6]])
assert [weight.grad for weight in weights] == [None, None]
assert alive == [1, 1]

# %%
# What to remember
# ----------------
#
# - A hook looks at a gradient on its way. What it returns replaces it. ``None`` lets it pass.
# - Hooks on leaves and modules stay until you remove them. Keep the handle.
# - A tensor's hook sees a gradient, a node's hook both sides of an operation, a module's hook a
#   whole layer. The post-accumulate hook comes when ``.grad`` is ready.
#
# Exercise
# --------
#
# :math:`y = x^2` at 3, and ``y`` has two hooks: first one that adds 1, then one that doubles.
# Predict ``x.grad`` after ``y.backward()``. And with the hooks in the other order?

# %%
# .. answer-begin::

# %%
# Hooks run in the order in which they were registered, and each one gets what the one before it
# returned: :math:`(1 + 1) \cdot 2 = 4`. Times :math:`2x = 6` this is 24. In the other order it
# is :math:`(1 \cdot 2 + 1) \cdot 6 = 18`.


one_more = lambda gradient: gradient + 1
orders = [one_more, doubled], [doubled, one_more]
for pair, answer in zip(orders, (24, 18), strict=True):
    x = torch.tensor(3.0, device=device, requires_grad=True)  # ()
    y = x**2  # ()
    for hook in pair:
        y.register_hook(hook)
    y.backward()
    print(f"{x.grad = }")
    assert x.grad.item() == answer

# %%
# .. answer-end::
#
# You came from :ref:`page-own-function`. What hooks see, :func:`autograd_vi.replay` shows for every
# node at once (:ref:`page-computational-graph`). Next, a whole function is turned into its
# gradient function: :ref:`page-torch-func`.
