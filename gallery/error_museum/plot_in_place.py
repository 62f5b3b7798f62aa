r"""
.. _page-in-place:

In place
========

**Why may you not change a tensor in place?** Often you may. PyTorch refuses where its record would
become false: for a tracked leaf, or for a value that the backward pass still needs. It also
refuses where one place in memory would have to hold several values. Who needs which value can be
known beforehand.
"""

# %%
# The set-up: random numbers that are the same on every run, and a device.
import math
import warnings

import torch
from torch import nn

import autograd_vi as av

av.seed_everything(0)
device = av.pick_device()

# %%
# You update a weight with ``-=``
# -------------------------------
#
# The step of :term:`gradient descent`, as it stands in a book.
#
# .. exhibit:: a leaf Variable that requires grad is being used in an in-place operation
#    :name: leaf-in-place
#    :also: a leaf Variable that requires grad has been used in an in-place operation
#
#    A :term:`leaf tensor` on the left of an :term:`in-place operation <in-place operation>`.
#
#    Recorded, the subtraction would turn the leaf into a result.
#
#    The update belongs under ``torch.no_grad()``.
w = torch.tensor([1.0, 2.0], device=device, requires_grad=True)
(w**2).sum().backward()
try:
    w -= 0.1 * w.grad
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("a leaf Variable that requires grad is being")
assert w.tolist() == [1.0, 2.0]

# %%
# **The cure.** An update is no part of the function that you differentiate
# (:ref:`page-stop-tracking`).
with torch.no_grad():
    w -= 0.1 * w.grad
print(f"{w = }")

by_hand = torch.tensor([0.8, 1.6], device=device)
torch.testing.assert_close(w.detach(), by_hand)
assert w.is_leaf

# %%
# **Tempting, and wrong.** ``w = w - …`` makes a new tensor, so nothing is changed in place. But
# the new ``w`` is a result, and the next backward pass does not fill its ``.grad``.
new = torch.tensor([1.0, 2.0], device=device, requires_grad=True)
(new**2).sum().backward()
new = new - 0.1 * new.grad
(new**2).sum().backward()
with warnings.catch_warnings(action="ignore"):
    print(f"{new.is_leaf = }, {new.grad = }")
    assert (new.is_leaf, new.grad) == (False, None)

# %%
# You set one weight
# ------------------
#
# Only entry 0 is to become 5.
#
# .. exhibit:: a view of a leaf Variable that requires grad is being used in an in-place operation
#    :name: view-of-a-leaf
#
#    ``w[0]`` is a :term:`view`: it has no memory of its own, so whoever writes into it writes into ``w``.
#
#    The same as above, through a window: a leaf would become a result.
#
#    Write under ``torch.no_grad()``.
w = torch.ones(3, device=device, requires_grad=True)  # (3,)
try:
    w[0] = 5
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("a view of a leaf Variable")

# %%
# **The cure.**
with torch.no_grad():
    w[0] = 5
print(f"{w = }")

assert (w.tolist(), w.is_leaf) == ([5.0, 1.0, 1.0], True)

# %%
# **Tempting, and wrong.** Write into a copy. That is allowed, but the weight itself stays as it
# was, and the optimizer knows only the weight.
w = torch.ones(3, device=device, requires_grad=True)  # (3,)
copy = w.clone()
copy[0] = 5
print(f"{copy.tolist() = }\n{w.tolist() = }")

assert (copy.tolist(), w.tolist()) == ([5.0, 1.0, 1.0], [1.0, 1.0, 1.0])

# %%
# You add 1 to what ``exp`` gave
# ------------------------------
#
# ``y`` is no leaf, so the line runs, and the addition is recorded.
#
# .. exhibit:: one of the variables needed for gradient computation has been modified by an inplace operation
#    :name: saved-value-changed
#    :also: is at version 1; expected version 0 instead
#           the backtrace further above shows the operation that failed to compute its gradient
#
#    ``exp`` saved its result, ``y``. Then the counter of ``y`` went from 0 to 1.
#
#    The derivative of ``exp`` is its own result, and the result has been overwritten.
#
#    ``y = y + 1`` makes a new tensor.
x = torch.tensor([0.0, 1.0], device=device, requires_grad=True)
y = x.exp()  # (2,)
y += 1
loss = y.sum()
try:
    loss.backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message.split(':')[0]}")
else:
    raise AssertionError

assert "has been modified by an inplace operation" in message

# %%
# It is ``backward()`` that raises, not the line that did the damage. But the message goes on, and
# names the victim:
print(message.split("which is ")[1].split(" instead")[0])

assert "output 0 of Exp" in message
assert "is at version 1; expected version 0" in message

# %%
# Every tensor counts how often it was changed in place. A node notes the count when it saves a
# tensor, and compares when it needs it.
#
# **The cure.** The derivative is :math:`e^x`, here 1 and :math:`e`.
y = x.exp()
y = y + 1
y.sum().backward()
print(f"{x.grad = }")

by_hand = torch.tensor([1.0, math.e], device=device)
torch.testing.assert_close(x.grad, by_hand)

# %%
# **Tempting, and wrong.** A change through ``.data`` is not counted. The error is silenced, and
# the gradient is wrong: each entry is 1 too large, since PyTorch takes what it finds there,
# :math:`e^x + 1`.
x.grad = None
y = x.exp()
y.data += 1
y.sum().backward()
print(f"{x.grad = }")

by_hand = torch.tensor([1.0, math.e], device=device)
torch.testing.assert_close(x.grad, by_hand + 1)


# %%
# Who saves its result?
# ---------------------
#
# You can often read that :math:`x^2` followed by ``add_(1)`` raises the same error. It does not:
# the derivative :math:`2x` needs the *input*.
x = torch.tensor([1.0, 3.0], device=device, requires_grad=True)
y = x**2  # (2,)
y.add_(1)
y.sum().backward()
print(f"{x.grad = }")

torch.testing.assert_close(x.grad, 2 * x.detach())


# %%
# So ask each operation whether it keeps its result, and then try. The one predicts the other.
def raises(y):
    y += 1
    try:
        y.sum().backward()
    except RuntimeError:
        return True
    return False


for f in (torch.exp, torch.sigmoid, torch.sqrt, torch.sin):
    y = f(x)
    keeps = hasattr(y.grad_fn, "_saved_result")
    raised = raises(y)
    print(f"{f.__name__:8}  {keeps = !s:5}  {raised = !s:5}")
    assert keeps == raised == (f.__name__ in {"exp", "sigmoid", "sqrt"})

# %%
# The derivatives say why. :math:`\sigma' = \sigma(1 - \sigma)` and :math:`\sqrt{x}\,' = 1 /
# (2\sqrt{x})` are written with the result; :math:`2x` and :math:`\cos x` with the input. For
# these, change the *input* between forward and backward, and the error is back.
h = 2 * x  # (2,)
y = h**2  # (2,)
h += 1
try:
    y.sum().backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message.split(':')[0]}")
else:
    raise AssertionError

assert "output 0 of Mul" in message or "output 0 of Add" in message

# %%
# You save memory with ``ReLU(inplace=True)``
# -------------------------------------------
#
# The in-place ReLU overwrites what it is given. Here that is the result of ``exp``.
#
# .. exhibit:: one of the variables needed for gradient computation has been modified by an inplace operation
#    :name: relu-in-place
#
#    ``exp`` saved its result, and the ReLU wrote into it, even though all numbers stayed the same.
#
#    The layer before needs the result that the ReLU overwrites.
#
#    ``nn.ReLU()`` after every layer that keeps its result.
x = torch.tensor([0.0, 1.0], device=device, requires_grad=True)
relu = nn.ReLU(inplace=True)
try:
    relu(x.exp()).sum().backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message.split(':')[0]}")
else:
    raise AssertionError

assert "output 0 of Exp" in message

# %%
# **The cure.** Without ``inplace``. After a linear layer, the in-place ReLU would do no harm: that
# layer keeps its input and its weight, not its result.
nn.ReLU()(x.exp()).sum().backward()
print(f"{x.grad = }")
linear = nn.Linear(2, 2).to(device)
relu(linear(torch.ones(1, 2, device=device))).sum().backward()
print(f"{linear.weight.grad is None = }")

by_hand = torch.tensor([1.0, math.e], device=device)
torch.testing.assert_close(x.grad, by_hand)
assert linear.weight.grad is not None

# %%
# **Tempting, and wrong.** A ``clone()`` behind the ReLU. It comes too late: the damage is done
# before it. (In front, ``relu(x.exp().clone())``, it helps, but then no memory is saved.)
try:
    relu(x.exp()).clone().sum().backward()
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message.split(':')[0]}")
else:
    raise AssertionError

assert "output 0 of Exp" in message

# %%
# You change the rows in a loop
# -----------------------------
#
# ``for row in h`` hands you one row after the other, and you add the row's number to each.
#
# .. exhibit:: is a view and is being modified inplace
#    :name: rows-in-a-loop
#    :also: Output 0 of Unbind is a view and is being modified inplace
#           Output 0 of UnbindBackward0 is a view and is being modified inplace
#           This view is the output of a function that returns multiple views
#           Such functions do not allow the output views to be modified inplace
#
#    One operation, ``unbind``, that made all rows at once, each of them a view of ``h``.
#
#    Of several views from one operation PyTorch cannot record that one of them changed.
#
#    Write ``h[i] += …``, or make new rows and stack them.
x = torch.ones(2, 3, device=device, requires_grad=True)  # (2, 3)
h = 2 * x  # (2, 3)
try:
    for i, row in enumerate(h):
        row += i
except RuntimeError as error:
    message = str(error).split(". ")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("Output 0 of Unbind")
assert message.endswith("is a view and is being modified inplace")

# %%
# **The cure.** New rows, put together. (``h[i] += i`` works as well: each index makes one view of
# its own.)
stacked = torch.stack([row + i for i, row in enumerate(h)])  # (2, 3)
for i in range(2):
    h[i] += i
print(f"{stacked.tolist() = }\n{h.tolist() = }")

assert stacked.tolist() == h.tolist() == [[2.0] * 3, [3.0] * 3]

# %%
# **Tempting, and wrong.** ``row = row + i``. There is no error, and ``h`` is not changed: the name
# ``row`` now stands for another tensor, and the next round forgets it.
h = 2 * x  # (2, 3)
for i, row in enumerate(h):
    row = row + i
print(f"{h.tolist() = }")

assert h.tolist() == [[2.0] * 3, [2.0] * 3]

# %%
# You take a view under ``no_grad``, and change it later
# ------------------------------------------------------
#
# The first two entries of ``h``, taken in the block, are doubled outside.
#
# .. exhibit:: A view was created in no_grad mode and is being modified inplace with grad mode enabled
#    :name: view-under-no-grad
#    :also: Given that this use case is ambiguous and error-prone, it is forbidden
#
#    A view without a recorded origin, and a write into it that is to be recorded.
#
#    Is ``h`` to know of the change? Inside the block you said no, outside yes.
#
#    Both lines on the same side of the block.
x = torch.tensor([1.0, 2.0, 3.0], device=device, requires_grad=True)
h = 1 * x  # (3,)
with torch.no_grad():
    start = h[:2]  # (2,)
try:
    start *= 2
except RuntimeError as error:
    message = str(error).split(". ")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith("A view was created in no_grad mode")

# %%
# **The cure.** Both outside, if the change is part of your function. Its gradient is then 2, 2 and
# 1.
start = h[:2]  # (2,)
start *= 2
h.sum().backward()
print(f"{h.tolist() = }\n{x.grad = }")

assert h.tolist() == [2.0, 4.0, 3.0]
assert x.grad.tolist() == [2.0, 2.0, 1.0]

# %%
# **Tempting, and wrong.** ``start = start * 2`` outside the block. No error, and nothing learns.
# The view even says that it is tracked, but it has no origin, and its gradient does not reach
# ``x``.
x.grad = None
h = 1 * x  # (3,)
with torch.no_grad():
    start = h[:2]  # (2,)
start = start * 2
start.sum().backward()
print(f"{h.tolist() = }\n{x.grad = }")

assert (h.tolist(), x.grad) == ([1.0, 2.0, 3.0], None)

# %%
# You write into a slice, and all is well
# ---------------------------------------
#
# Not everything that looks dangerous is. ``h`` is a result and nobody saved it. So ``h[0] = 5`` is
# simply recorded. Predict the three gradients.
h = 2 * x  # (3,)
h[0] = 5
loss = h.sum()
loss.backward()
print(f"{x.grad = }")

assert x.grad.tolist() == [0.0, 2.0, 2.0]

# %%
# What was in entry 0 no longer matters for the loss, so ``x[0]`` gets 0. In the graph, the node of
# the write is called ``CopySlices``.
av.print_dag(loss, params={"x": x})

assert av.trace(loss).nodes[1].op == "CopySlices"

# %%
# You write into what ``expand`` gave
# -----------------------------------
#
# One number becomes a row of three, and then each entry is to get something of its own.
#
# .. exhibit:: more than one element of the written-to tensor refers to a single memory location
#    :name: expanded-memory
#    :also: unsupported operation
#           Please clone() the tensor before performing the operation
#
#    Three entries with one place in memory: its stride is 0.
#
#    ``expand`` copies nothing, and three different numbers do not fit into one place.
#
#    ``clone()`` first.
row = torch.zeros(1, device=device).expand(3)  # (3,)
print(f"{row.stride() = }")
try:
    row += torch.tensor([1.0, 2.0, 3.0], device=device)
except RuntimeError as error:
    message = str(error).split(". ")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert row.stride() == (0,)
assert message.endswith("refers to a single memory location")

# %%
# **The cure.**
row = torch.zeros(1, device=device).expand(3).clone()  # (3,)
row += torch.tensor([1.0, 2.0, 3.0], device=device)
print(f"{row = }")

assert row.tolist() == [1.0, 2.0, 3.0]

# %%
# **Tempting, and wrong.** Write the entries one by one. Nobody complains, and each write hits all
# three. The last one wins.
row = torch.zeros(1, device=device).expand(3)  # (3,)
for i in range(3):
    row[i] = i + 1
print(f"{row = }")

assert row.tolist() == [3.0, 3.0, 3.0]


# %%
# You look for the line
# ---------------------
#
# In a long program, the message tells you too little. This one is short, so that you see at once
# who did it.
#
# .. exhibit:: Traceback of forward call that caused the error
#    :name: anomaly-detection
#    :also: Error detected in
#           Anomaly Detection has been enabled
#           Hint: enable anomaly detection to find the operation that failed to compute its gradient
#
#    The multiplication saved ``y``, and so did ``exp`` before it.
#
#    What is named is the victim, not the line that changed the value.
#
#    From the named line go down to the next in-place write into one of its tensors.
def model(x):
    y = x.exp()
    z = y * x
    y += 1
    return z.sum() + y.sum()


x = torch.tensor([0.0, 1.0], device=device, requires_grad=True)

# %%
# Anomaly detection notes a traceback at every operation. It is slow, so use it only to search. It
# names the node and shows its line, as a warning.
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    try:
        with torch.autograd.detect_anomaly():
            model(x).backward()
    except RuntimeError:
        (warning,) = [w for w in caught if "Error" in str(w.message)]
        lines = str(warning.message).splitlines()
print(f"{warning.category.__name__}: {lines[0]}")
print([line.strip() for line in lines if "y * x" in line])

assert lines[0].startswith("Error detected in MulBackward0")
assert any("z = y * x" in line for line in lines)

# %%
# :func:`autograd_vi.record_sources` is lighter. :func:`autograd_vi.replay` then says with the
# error where the backward pass stopped, and how many steps had gone well.
with av.record_sources():
    loss = model(x)
try:
    av.replay(loss, params={"x": x})
except RuntimeError as error:
    stopped = error.replay
print(f"{stopped.failed.op = }")
print(f"{stopped.failed.source.text = }")
print(f"{len(stopped.steps) = }")

assert stopped.failed.op == "MulBackward0"


# %%
# **Tempting, and wrong.** Mend the line that was named, and give the multiplication a copy. Now it
# is content, and ``exp`` complains.
def patched(x):
    y = x.exp()
    z = y.clone() * x
    y += 1
    return z.sum() + y.sum()


try:
    av.replay(patched(x), params={"x": x})
except RuntimeError as error:
    stopped = error.replay
print(f"{stopped.failed.op = }")

assert stopped.failed.op == "ExpBackward0"


# %%
# **The cure.** The next line is ``y += 1``. Without it in place, the gradient is what the
# product rule says: :math:`(x e^x + e^x)' = x e^x + 2 e^x`.
def cured(x):
    y = x.exp()
    z = y * x
    y = y + 1
    return z.sum() + y.sum()


cured(x).backward()
print(f"{x.grad = }")

by_hand = torch.tensor([2.0, 3 * math.e], device=device)
torch.testing.assert_close(x.grad, by_hand)

# %%
# What to remember
# ----------------
#
# - A tracked leaf is changed under ``no_grad``, or not at all.
# - A result may be changed in place, as long as no node has saved it. Derivatives tell who saves what.
# - The error names the victim. The culprit is the next in-place write after it.
# - ``.data`` and copies in the wrong place take away the error, not the mistake.
#
# Exercise
# --------
#
# ``tanh`` has the derivative :math:`1 - \tanh^2`. ``y = x.tanh()``, then ``y += 1``. Does
# ``backward()`` raise? And with ``y = x.sin()``, then ``y *= 2``?

# %%
# .. answer-begin::

# %%
# ``tanh`` raises: its derivative is written with its result. ``sin`` does not, and the doubling is
# recorded correctly: :math:`2 \cos x`.
x.grad = None
y = x.sin()
y *= 2
y.sum().backward()
print(f"{raises(x.tanh()) = }")
print(f"{x.grad = }")

assert raises(x.tanh())
by_hand = torch.tensor([2.0, 2 * math.cos(1.0)], device=device)
torch.testing.assert_close(x.grad, by_hand)

# %%
# .. answer-end::
#
# The pages before: a graph that was used up (:ref:`page-graph-is-gone`), and one that never was
# (:ref:`page-nothing-to-differentiate`). Next, tensors that do not fit together:
# :ref:`page-shapes-and-kinds`.
