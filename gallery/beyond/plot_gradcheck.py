r"""
.. _page-gradcheck:

Checking a gradient
===================

**How do you know that a gradient is right?** Move an input a little, see how the result changes,
and compare. :func:`torch.autograd.gradcheck` does this for every entry of every input. It needs
float64.
"""

# %%
# The set-up. All of this page stays on the CPU, since not every device has float64.
import warnings

import matplotlib.pyplot as plt
import torch
from torch.autograd import gradcheck, gradgradcheck

import autograd_vi as av

g = av.seed_everything(0)

# %%
# How far to move
# ---------------
#
# The slope of :math:`x^3` is :math:`3x^2`. :term:`Finite differences <finite differences>`
# estimate it from two values, :math:`h` to the right and :math:`h` to the left. Here is the
# largest error over 200 places between 1 and 2, for ten steps :math:`h`.


def largest_error(h, dtype):
    x = torch.linspace(1, 2, 200, dtype=dtype)  # (200,)
    estimate = ((x + h) ** 3 - (x - h) ** 3) / (2 * h)
    return (estimate - 3 * x**2).abs().max().item()


steps = [10.0**-k for k in range(1, 11)]
float64 = [largest_error(h, torch.float64) for h in steps]
float32 = [largest_error(h, torch.float32) for h in steps]
squares = [h**2 for h in steps[:5]]

# %%
# Both axes are logarithmic. Before you look at it: is a smaller step always better?
fig, ax = plt.subplots()
ax.loglog(steps, float64, "o-")
ax.loglog(steps, float32, "s-")
ax.loglog(steps[:5], squares, "C2:")
ax.set(xlabel="step h", ylabel="largest error")
ax.text(1e-10, 3 * float64[-1], "float64", family="monospace")
ax.text(1e-10, 3 * float32[-1], "float32", family="monospace")
ax.text(3e-5, 5e-11, "$h^2$")
fig.set_label("The error against h, for float64 and for float32.")
plt.show()

drawn = [list(line.get_ydata()) for line in ax.lines[:2]]
assert drawn == [float64, float32]

# %%
# No. From the right, the error first falls like :math:`h^2`: the graph of :math:`x^3` gets
# straighter, the closer you look. Then it rises, because two almost equal numbers are subtracted
# and only their rounding is left. In float64 the best step is about :math:`10^{-5}`, and nine
# decimals are right. In float32 it is about :math:`10^{-2}`, and three or four are.
print(f"{min(float64) < 1e-8 = }, {min(float32) > 1e-5 = }")

torch.testing.assert_close(float64[:3], squares[:3], rtol=1e-3, atol=0)
assert float64[9] > 1e3 * min(float64)
assert min(float64) < 1e-8 < 1e-5 < min(float32)

# %%
# ``gradcheck`` passes
# --------------------
#
# :func:`torch.autograd.gradcheck` takes a function and its inputs. It builds the :term:`Jacobian
# matrix` twice, once by finite differences and once by walking back, and compares all entries.


def weighted(x, w):
    return torch.sigmoid(x) * w**2


x = torch.rand(3, dtype=torch.float64, generator=g)  # (3,)
w = torch.rand(3, dtype=torch.float64, generator=g)  # (3,)
x.requires_grad_()
w.requires_grad_()
passes = gradcheck(weighted, (x, w))
print(f"{passes = }")

assert passes is True

# %%
# The mistake: float32
# --------------------
#
# .. exhibit:: Jacobian mismatch for output
#    :name: gradcheck-float32
#    :also: is not a double precision floating point
#
#    Two tables that differ by more than the :term:`tolerance`, found from inputs in float32.
#
#    The step of :math:`10^{-6}` drowns in the rounding of float32.
#
#    Inputs in float64: ``.double()``.
#
# The same function and the same gradients, in the :term:`dtype` that tensors usually have. First comes a
# warning, then an error.
inputs = [t.detach().float().requires_grad_() for t in (x, w)]
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    passes = gradcheck(weighted, inputs, raise_exception=False)
print(str(caught[0].message).split(" or ")[0])
print(f"{passes = }")

assert passes is False
assert "not a double precision floating point" in str(caught[0].message)

# %%
# With ``raise_exception=False`` we asked for ``False`` instead of the error. This is the error:
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        gradcheck(weighted, inputs)
    except RuntimeError as error:
        message = str(error).splitlines()[0].rstrip(",")
        print(f"{type(error).__name__}: {message}")
    else:
        raise AssertionError
assert message.startswith("Jacobian mismatch for output 0")

# %%
# The wrong cure widens the tolerance until it passes. Then a function passes, too, whose gradient
# with respect to ``x`` is missing.


def deaf(x, w):
    return weighted(x.detach(), w)


for function in (weighted, deaf):
    with warnings.catch_warnings(action="ignore"):
        loose = gradcheck(function, inputs, atol=0.5)
    strict = gradcheck(function, (x, w), raise_exception=False)
    print(f"{function.__name__:8}  {loose = }, {strict = }")
    assert (loose, strict) == (True, function is weighted)

# %%
# Nothing is wrong with the gradient of ``weighted``. The ruler is too coarse: the step is
# :math:`10^{-6}`, where the float32 curve of the figure is far above its lowest point. Give
# ``gradcheck`` float64 inputs, with ``.double()``. A network is checked in the same way:
# ``model.double()``.
#
# A bug is found
# --------------
#
# .. exhibit:: Jacobian mismatch for output
#    :name: gradcheck-bug
#    :also: numerical:tensor
#           analytical:tensor
#
#    Two tables in float64 that differ by far more than rounding.
#
#    What is recorded is not the function whose values you see: a factor was detached.
#
#    Mend the function, or the ``backward`` of your own; then check it once more.
#
# Here is a square with a bug in it. Somebody :term:`detached <to detach>` one factor. The
# *values* are right, so no test of the values finds the bug. The gradient is half of the true
# one.


def square(x):
    return x * x.detach()


x = torch.tensor([1.0, 2.0], dtype=torch.float64)  # (2,)
x.requires_grad_()
print(f"{square(x).tolist() = }")

assert square(x).tolist() == [1, 4]

# %%
# ``gradcheck`` does:
try:
    gradcheck(square, (x,))
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("Jacobian mismatch for output 0")
jacobian = torch.autograd.functional.jacobian(square, x)
torch.testing.assert_close(jacobian, torch.diag(x.detach()))

# %%
# Read it so: *numerical* is what the finite differences found, and that needs no rule at all.
# *Analytical* is what autograd said. On the diagonal, 2 and 4 stand against 1 and 2.
#
# The wrong cure moves the check to a place where it passes. At 0 both slopes are 0. Mended, the
# square passes at the old place.
zeros = torch.zeros(2, dtype=torch.float64, requires_grad=True)
moved = gradcheck(square, (zeros,))
mended = gradcheck(lambda x: x * x, (x,))
print(f"{moved = }, {mended = }")

assert (moved, mended) == (True, True)

# %%
# ``gradcheck`` sees one place only
# ---------------------------------
#
# It compares at the inputs that you give it, and nowhere else. This function has the same bug,
# but for negative numbers alone.


def half_right(x):
    return torch.where(x > 0, x * x, x * x.detach())


for place in (1.5, -1.5):
    x = torch.tensor([place], dtype=torch.float64)  # (1,)
    x.requires_grad_()
    passes = gradcheck(half_right, (x,), raise_exception=False)
    print(f"{place = }, {passes = }")
    assert passes is (place > 0)

# %%
# So choose inputs on every side of each ``if`` and each ``where``. Only inputs that are
# :term:`tracked <to track>` are checked, so mark all that should be. And stay away from places
# where the function has a kink. There the two sides disagree, and finite differences see the mean
# of both: for relu at 0, that of 0 and 1.
x = torch.zeros(1, dtype=torch.float64)  # (1,)
h = 1e-6
estimate = (torch.relu(x + h) - torch.relu(x - h)).item() / (2 * h)
x.requires_grad_()
passes = gradcheck(torch.relu, (x,), raise_exception=False)
print(f"{estimate = }, {passes = }")

torch.testing.assert_close(estimate, 0.5)
assert passes is False

# %%
# Second derivatives, too
# -----------------------
#
# :func:`torch.autograd.gradgradcheck` differentiates the gradient and checks that
# (:ref:`page-second-derivatives`). It is a check of its own. This third square has the right
# values and the right gradient, :math:`2x`. But the 2 that its second derivative should be is
# missing: the gradient is ``2 * at``, and ``at`` is detached.


def tangent(x):
    at = x.detach()
    return 2 * at * x - at**2


x = torch.tensor([1.0, 2.0], dtype=torch.float64)  # (2,)
x.requires_grad_()
first = gradcheck(tangent, (x,), raise_exception=False)
second = gradgradcheck(tangent, (x,), raise_exception=False)
print(f"{first = }, {second = }")

assert (first, second) == (True, False)

# %%
# What to remember
# ----------------
#
# - Finite differences need no rule for derivatives, so they can find a wrong one.
# - ``gradcheck`` wants float64. With float32 it also refuses what is right.
# - It checks the places that you choose: take several, on every side of each branch and off the
#   kinks.
#
# Exercise
# --------
#
# ``torch.abs`` has the slope 1 at :math:`10^{-7}`, and autograd says so. ``gradcheck`` moves by
# :math:`10^{-6}`. Predict what it estimates there, and who is right.

# %%
# .. answer-begin::

# %%
# The step to the left crosses the kink: :math:`|10^{-7} - 10^{-6}| = 9 \cdot 10^{-7}`, and
# :math:`|10^{-7} + 10^{-6}| = 11 \cdot 10^{-7}`. The difference, divided by :math:`2 \cdot
# 10^{-6}`, is 0.1. Autograd is right. A smaller step, which ``eps`` sets, agrees with it.
x = torch.tensor([1e-7], dtype=torch.float64)  # (1,)
x.requires_grad_()
(slope,) = torch.autograd.grad(x.abs(), x)
for h in (1e-6, 1e-8):
    estimate = ((x + h).abs() - (x - h).abs()).item() / (2 * h)
    passes = gradcheck(torch.abs, (x,), eps=h, raise_exception=False)
    print(f"{h = }, {estimate = :.4f}, {passes = }")
    torch.testing.assert_close(estimate, 0.1 if h > x else 1.0)
    assert passes is (h < x.item())

assert slope.item() == 1

# %%
# .. answer-end::
#
# You came from :ref:`page-second-derivatives`. What does autograd say at a kink, where no answer
# is right? :ref:`page-kinks`.
