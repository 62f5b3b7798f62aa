r"""
.. _page-own-function:

A Function of your own
======================

**How do you give PyTorch a derivative that it cannot find, or finds badly?** Write a
:class:`torch.autograd.Function`. Its ``forward`` computes the result and saves what is needed. Its
``backward`` takes the gradient with respect to the result, and returns one gradient for each
input.
"""

# %%
# The set-up. (The seed is for one of the checks, which weighs the results with random numbers.)
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.autograd.function import once_differentiable

import autograd_vi as av

av.seed_everything(0)
device = av.pick_device()

# %%
# A length, and where its gradient breaks
# ---------------------------------------
#
# :math:`r = \sqrt{a^2 + b^2}` has the derivatives :math:`a/r` and :math:`b/r`. For the right
# triangle with legs 3 and 4 these are 0.6 and 0.8. At the origin, though, the derivative of the
# root divides by zero.


def plain_length(a, b):
    return (a**2 + b**2).sqrt()


a = torch.tensor([3.0, 0.0], device=device).requires_grad_()  # (2,)
b = torch.tensor([4.0, 0.0], device=device).requires_grad_()  # (2,)
length = plain_length(a, b)  # (2,)
grad_a, grad_b = torch.autograd.grad(length.sum(), (a, b))
print(f"{grad_a = }, {grad_b = }")

both = torch.stack([grad_a, grad_b])  # (2, 2)
expected = both.new_tensor([[0.6, torch.nan], [0.8, torch.nan]])
torch.testing.assert_close(both, expected, equal_nan=True)

# %%
# The chain rule multiplies :math:`2a = 0` by :math:`1/(2\cdot 0) = \infty`, and that is nan. At
# the origin the length has a kink, so you may choose (:ref:`page-kinks`); 0 is a good choice.
# Here is the operation with its own rule.


class Length(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        r = (a**2 + b**2).sqrt()
        ctx.save_for_backward(a, b, r)
        return r

    @staticmethod
    def backward(ctx, grad_r):
        a, b, r = ctx.saved_tensors
        return grad_r * a / (r + (r == 0)), grad_r * b / (r + (r == 0))


# %%
# - ``ctx`` goes from ``forward`` to ``backward``. ``save_for_backward`` keeps :term:`tensors
#   <saved tensors>`, inputs or results, and notices when somebody changes them in place.
# - ``backward`` gets the gradient of the loss with respect to ``r``. It returns those with
#   respect to ``a`` and ``b``, in the order of ``forward``'s arguments.
# - ``r + (r == 0)`` is ``r``, but 1 where ``r`` is 0. So the origin gets 0/1, and not 0/0.
# - You call ``apply``, and PyTorch calls the two.
#
# In the graph, one :term:`node` stands for the whole operation.
r = Length.apply(a, b)
av.trace(r, params={"a": a, "b": b})

# %%
# The same numbers as before, and zeros where there was nan.
r = Length.apply(a, b)  # (2,)
grad_a, grad_b = torch.autograd.grad(r.sum(), (a, b))
print(f"{r = }")
print(f"{grad_a = }, {grad_b = }")

assert type(r.grad_fn).__name__ == "LengthBackward"
torch.testing.assert_close(grad_a, grad_a.new_tensor([0.6, 0]))
torch.testing.assert_close(grad_b, grad_b.new_tensor([0.8, 0]))

# %%
# Check it
# --------
#
# Nobody but you knows whether ``backward`` fits ``forward``. So :ref:`gradcheck
# <page-gradcheck>` is part of writing a Function: in float64, on the CPU, off the kink. This
# ``backward`` is made of tracked operations, so second derivatives work, too.
a64 = torch.tensor([3.0, -1.0, 0.5], dtype=torch.float64)  # (3,)
b64 = torch.tensor([4.0, 2.0, -1.5], dtype=torch.float64)  # (3,)
inputs = (a64.requires_grad_(), b64.requires_grad_())
first = gradcheck(Length.apply, inputs)
second = gradgradcheck(Length.apply, inputs)
print(f"{first = }, {second = }")

assert (first, second) == (True, True)

# %%
# A slip in the formula raises no error. Here the division is missing, and only ``gradcheck``
# sees it.


class Slip(Length):
    @staticmethod
    def backward(ctx, grad_r):
        a, b, _ = ctx.saved_tensors
        return grad_r * a, grad_r * b


passes = gradcheck(Slip.apply, inputs, raise_exception=False)
print(f"{passes = }")

assert passes is False

# %%
# Two mistakes that PyTorch finds
# -------------------------------
#
# .. exhibit:: returned an incorrect number of gradients
#    :name: number-of-gradients
#
#    A ``forward`` with two arguments, and a ``backward`` that returned one gradient.
#
#    ``backward`` has to answer for every argument of ``forward``, in their order.
#
#    Return one gradient for each; ``None`` only for an argument that needs none.
#
# One gradient for two inputs: the count is wrong.


class OneForTwo(Length):
    @staticmethod
    def backward(ctx, grad_r):
        a, _, r = ctx.saved_tensors
        return grad_r * a / r


# %%
# This small function calls one that is wrong, and returns what PyTorch says.


def first_line(function, a, b):
    try:
        function.apply(a, b).sum().backward()
    except RuntimeError as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]
    raise AssertionError


message = first_line(OneForTwo, a, b)
print(message)

assert "incorrect number of gradients (expected 2, got 1)" in message

# %%
# .. exhibit:: returned an invalid gradient at index
#    :name: gradient-of-another-shape
#    :also: but expected shape compatible with
#
#    A gradient whose shape is not that of the argument at this place; index 0 is the first.
#
#    It cannot be summed to the shape of the input, so PyTorch cannot tell which entry belongs where.
#
#    Give each gradient the shape of its input.
#
# A gradient of another :term:`shape`: each one must have the shape of its input.


class SumForEach(Length):
    @staticmethod
    def backward(ctx, grad_r):
        grad_a, grad_b = Length.backward(ctx, grad_r)
        return grad_a[:1], grad_b


message = first_line(SumForEach, a, b)
print(message)

assert "invalid gradient at index 0" in message

# %%
# The wrong cures give PyTorch what it counts and measures: a ``None``, or the right shape with the
# wrong entries. It is content, and only ``gradcheck`` is not.


class Filled(Length):
    @staticmethod
    def backward(ctx, grad_r):
        return Length.backward(ctx, grad_r)[0], None


class Stretched(Length):
    @staticmethod
    def backward(ctx, grad_r):
        grad_a, grad_b = Length.backward(ctx, grad_r)
        return grad_a[:1].expand_as(grad_a), grad_b


for function in (Filled, Stretched, Length):
    function.apply(a, b).sum().backward()
    passes = gradcheck(function.apply, inputs, raise_exception=False)
    print(f"{function.__name__:9}  {passes = }")
    assert passes is (function is Length)

# %%
# Who needs a gradient?
# ---------------------
#
# An input that is not tracked wants none. ``ctx.needs_input_grad`` says so for each input, and
# ``None`` takes the place of a gradient that nobody will read. So no work is wasted.
asked = []


class Thrifty(Length):
    @staticmethod
    def backward(ctx, grad_r):
        asked.append(ctx.needs_input_grad)
        a, b, r = ctx.saved_tensors
        needs_a, needs_b = ctx.needs_input_grad
        grad_a = grad_r * a / r if needs_a else None
        return grad_a, grad_r * b / r if needs_b else None


# %%
# Once both are tracked, once ``b`` is a constant.
torch.autograd.grad(Thrifty.apply(a, b).sum(), (a, b))
(grad_a,) = torch.autograd.grad(Thrifty.apply(a, b.detach()).sum(), a)
print(f"{asked = }")

torch.testing.assert_close(grad_a[0].item(), 0.6)
assert asked == [(True, True), (True, False)]

# %%
# When ``backward`` computes elsewhere
# ------------------------------------
#
# .. exhibit:: trying to differentiate twice a function that was marked with @once_differentiable
#    :name: once-differentiable
#
#    A second derivative was asked for, and it leads through a ``backward`` that is marked so.
#
#    That ``backward`` was not recorded, so nothing is known of its own derivative.
#
#    Write ``backward`` with tracked operations; or do without the second derivative.
#
# A ``backward`` may compute in NumPy or in other code. What happens there is not recorded. The
# gradient is right, but in a second derivative this part is missing, and nobody says so. Take
# :math:`r^2 = a^2 + b^2`: its first derivative is :math:`2a = 6`, and its second should be 2.


class InNumPy(Length):
    @staticmethod
    def backward(ctx, grad_r):
        a, b, r = (t.detach().numpy() for t in ctx.saved_tensors)
        ratios = torch.as_tensor(a / r), torch.as_tensor(b / r)
        return grad_r * ratios[0], grad_r * ratios[1]


# %%
# Both derivatives in ``a``, for the sides 3 and 4, in float64 on the CPU:


def derivatives(function):
    a = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(4.0, dtype=torch.float64)
    square = function.apply(a, b) ** 2
    (first,) = torch.autograd.grad(square, a, create_graph=True)
    first.backward()
    return first.item(), a.grad.item()


# %%
# Predict them, for ``Length`` and for the one in NumPy.
for function in (Length, InNumPy):
    first, second = derivatives(function)
    print(f"{first = :.2f}, {second = :.2f}")
    expected = 2.0 if function is Length else 2 * 0.6**2
    torch.testing.assert_close((first, second), (6.0, expected))

# %%
# :func:`~torch.autograd.function.once_differentiable` turns the silent gap into an error.


class Once(Length):
    backward = staticmethod(once_differentiable(InNumPy.backward))


try:
    derivatives(Once)
except RuntimeError as error:
    message = f"{type(error).__name__}: {error}"
    print(message)
else:
    raise AssertionError

assert "marked with @once_differentiable" in message

# %%
# To take the mark away is the wrong cure: that is ``InNumPy``, and its second derivative was 0.72. The
# cure is ``Length``, which computes in tensors.
#
# A gradient that is no derivative
# --------------------------------
#
# Rounding has the slope 0 almost everywhere, so nothing before it can learn. The
# *straight-through* trick rounds on the way forward and lets the gradient pass on the way back,
# as if nothing had been rounded. ``gradcheck`` refuses it, and it is right to: this is no
# derivative, but a wish.


class RoundThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.round()

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output


# %%
# Predict the two gradients, that of ``round`` and that of the trick.
x = torch.tensor([0.2, 1.7, -0.8], device=device, requires_grad=True)
for rounded in (x.round(), RoundThrough.apply(x)):
    (gradient,) = torch.autograd.grad((3 * rounded).sum(), x)
    print(f"{rounded.tolist() = }, {gradient.tolist() = }")

    through = type(rounded.grad_fn).__name__ == "RoundThroughBackward"
    assert rounded.tolist() == [0, 2, -1]
    assert gradient.tolist() == [3 * through] * 3

# %%
# ``gradcheck`` sees a function of flat steps, and a gradient of 1.
x64 = x.detach().cpu().double().requires_grad_()  # (3,)
passes = gradcheck(RoundThrough.apply, (x64,), raise_exception=False)
print(f"{passes = }")
assert passes is False

# %%
# What to remember
# ----------------
#
# - ``forward`` computes and saves. ``backward`` turns the gradient with respect to the result into
#   one gradient for each input. Call it with ``apply``.
# - PyTorch checks how many gradients you return, and their shapes. Their values only
#   ``gradcheck`` checks.
# - ``None`` for an input that needs no gradient; ``once_differentiable`` if ``backward`` is not
#   tracked.
#
# Exercise
# --------
#
# The straight-through trick needs no class. Write it in one line with ``detach``.

# %%
# .. answer-begin::

# %%
# ``x + (x.round() - x).detach()`` has the value of ``x.round()``. For autograd the bracket is a
# constant, so the gradient is that of ``x``.
one_line = x + (x.round() - x).detach()  # (3,)
(gradient,) = torch.autograd.grad((3 * one_line).sum(), x)
print(f"{one_line.tolist() = }, {gradient.tolist() = }")

torch.testing.assert_close(one_line, RoundThrough.apply(x))
assert gradient.tolist() == [3, 3, 3]

# %%
# .. answer-end::
#
# You came from :ref:`page-kinks`. If you only want to see a gradient pass by, or to change it on
# its way, you need no operation of your own: :ref:`page-hooks`.
