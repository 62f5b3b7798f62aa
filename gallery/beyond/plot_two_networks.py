r"""
.. _page-two-networks:

Two networks, two losses
========================

**One network forges numbers, another judges whether they are real. Each has a loss of its own.
Which loss may move which network?** Gradients flow wherever the graph leads, through both
networks. You decide with ``detach`` and with the :term:`optimizer`'s list who learns from what.
"""

# %%
# The set-up. The real numbers lie around 3, and the noise around 0.
import textwrap

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()
real = 2.5 + torch.rand(64, 1, generator=g).to(device)  # (64, 1)
noise = torch.rand(64, 1, generator=g).to(device) - 0.5  # (64, 1)

# %%
# The forger and the judge
# ------------------------
#
# This is a *generative adversarial network* in its smallest form. The forger, usually called the
# generator, makes numbers out of noise. The judge, the discriminator, gives each number a score:
# positive for “real”. Both are lines here, so you can check each gradient by hand.
forger = nn.Linear(1, 1).to(device)
judge = nn.Linear(1, 1).to(device)
with torch.no_grad():
    forger.weight.fill_(1.0), forger.bias.fill_(0.0)
    judge.weight.fill_(0.5), judge.bias.fill_(-1.0)
fake = forger(noise)  # (64, 1)
print(f"{real.mean() = :.2f}, {fake.mean() = :.2f}")

torch.testing.assert_close(fake.detach(), noise)

# %%
# One :term:`loss function`, the binary cross-entropy, tells how far the judge is from an answer.
# The answer is 1 for “real” and 0 for “forged”.


def distance(numbers, answer):
    scores = judge(numbers)  # (64, 1)
    wanted = torch.full_like(scores, answer)
    return binary_cross_entropy_with_logits(scores, wanted)


# %%
# The judge wants real numbers to get a 1, and forged ones a 0. The forger wants its numbers to get
# a 1. Here is the way back from the forger's loss. It leads *through* the judge. Step through it,
# and see which leaves get something.
both = nn.ModuleDict({"forger": forger, "judge": judge})
av.replay(distance(fake, 1.0), params=both)

# %%
# The judge's turn: detach
# ------------------------
#
# Two terms, one for each kind of number. The forged numbers come in as plain numbers:
# ``fake.detach()``. So the way back ends there.


def judges_loss(fake):
    return distance(real, 1.0) + distance(fake, 0.0)


def empty():
    forger.zero_grad()
    judge.zero_grad()


empty()
judges_loss(forger(noise).detach()).backward()
print(f"{judge.weight.grad = }")
print(f"{forger.bias.grad = }")

assert forger.weight.grad is None
assert forger.bias.grad is None

# %%
# On paper, the gradient with respect to a score :math:`s` is :math:`\sigma(s) - y`, with the
# sigmoid :math:`\sigma` and the answer :math:`y`, divided by the number of examples. The judge's
# weight multiplies the number :math:`z`, so its gradient is the mean of :math:`(\sigma(s) - y)\,z`
# for each kind of number, and the two are added.
with torch.no_grad():
    too_low = torch.sigmoid(judge(real)) - 1  # (64, 1)
    too_high = torch.sigmoid(judge(noise)) - 0  # (64, 1)
    on_paper = (too_low * real).mean() + (too_high * noise).mean()
torch.testing.assert_close(judge.weight.grad[0, 0], on_paper)
on_paper = too_low.mean() + too_high.mean()
torch.testing.assert_close(judge.bias.grad[0], on_paper)

# %%
# Without ``detach`` the judge gets the same gradient. But the forger gets one as well. Before you
# look on: what does it teach the forger?
judges_gradient = judge.weight.grad.clone()
empty()
judges_loss(forger(noise)).backward()
from_judge = forger.bias.grad.clone()
print(f"{judge.weight.grad = }")
print(f"{from_judge = }")

torch.testing.assert_close(judge.weight.grad, judges_gradient)
slope = judge.weight.detach()[0, 0]
torch.testing.assert_close(from_judge[0], slope * too_high.mean())

# %%
# The forger's turn: through the judge
# ------------------------------------
#
# The forger's own loss, and its gradient:
empty()
distance(forger(noise), 1.0).backward()
print(f"{forger.bias.grad = }")
print(f"{judge.weight.grad is None = }")

own = slope * (too_high - 1).mean()
torch.testing.assert_close(forger.bias.grad[0], own)
assert (from_judge.sign(), forger.bias.grad.sign()) == (1, -1)
assert judge.weight.grad is not None

# %%
# The signs are opposite. A step against the first gradient makes the forgeries *easier* to
# recognise: the forger would help the judge. So never let it learn from the judge's loss.
#
# And the judge has a gradient now, from a loss that wants it to be fooled. That cannot be avoided
# by ``detach``, since the way to the forger leads through the judge. It does no harm if two things
# hold: the forger's optimizer holds only the forger's parameters, and the judge's gradient is
# emptied before the judge's next turn.
#
# A whole round
# -------------
#
# Two optimizers, two turns, each beginning with empty gradients.


def play(rounds, decay):
    start()
    forgers = torch.optim.SGD(forger.parameters(), 0.3)
    judges = torch.optim.SGD(
        judge.parameters(), 0.3, weight_decay=decay
    )
    means = []
    for _ in range(rounds):
        fake = forger(noise)
        turn(judges, judges_loss(fake.detach()))
        turn(forgers, distance(fake, 1.0))
        means.append(forger.bias.item())
    return means


# %%
# Each turn is an ordinary training step. A game starts from fixed numbers.


def turn(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def start():
    with torch.no_grad():
        forger.weight.fill_(1.0), forger.bias.fill_(0.0)
        judge.weight.fill_(0.0), judge.bias.fill_(0.0)


# %%
# The forger's bias :math:`b` is about the mean of its numbers. After many rounds :math:`k` it
# should be near 3.
curves = {decay: play(120, decay) for decay in (0.0, 0.3)}
for decay, means in curves.items():
    print(f"{decay = }  {max(means):.1f} … {means[-1]:.1f}")

assert max(curves[0.0]) > 3.5
assert max(curves[0.3]) < 3.2
expected = real.mean().item() - noise.mean().item()
assert abs(curves[0.3][-1] - expected) < 0.02

# %%
# There is no lowest point to which both losses fall: what one gains, the other loses. Without
# more, the two circle around the answer. The forger shoots past 3, because the judge still
# believes in larger numbers. A judge with a little :term:`weight decay` forgets old beliefs, and
# the circling dies down.
fig, ax = plt.subplots()
for decay, style in ((0.0, "--"), (0.3, "-")):
    ax.plot(curves[decay], style, label=f"{decay = }")
ax.axhline(3, linestyle=":")
ax.set(xlabel="round k", ylabel="bias b of the forger")
ax.legend(prop={"family": "monospace"})
fig.set_label(
    "One line swings around 3, the other rises to 3 and stays."
)

drawn = [line.get_ydata().tolist() for line in ax.lines[:2]]
assert drawn == list(curves.values())

# %%
# Three mistakes
# --------------
#
# **One score for both turns.** It saves a pass through the judge, but fails: the judge's turn has
# used up the graph. ``retain_graph=True`` does not help, because the judge has moved since, and
# the old graph would need its old weight.
for keep in (False, True):
    judges = torch.optim.SGD(judge.parameters(), lr=0.1)
    scores = judge(forger(noise))  # (64, 1)
    torch.sigmoid(scores).mean().backward(retain_graph=keep)
    judges.step()
    try:
        torch.sigmoid(-scores).mean().backward()
    except RuntimeError as error:
        message = str(error).split(" (")[0].split(":")[0]
        print(textwrap.fill(f"{type(error).__name__}: {message}", 72))
    else:
        raise AssertionError
    assert ("modified by an inplace operation" in message) == keep
    assert ("a second time" in message) != keep

# %%
# **Detaching in the forger's turn, too.** No error at all: the judge's parameters are tracked, so
# ``backward()`` has somewhere to go. The forger stands still.
empty()
distance(forger(noise).detach(), 1.0).backward()
print(f"{forger.bias.grad = }")

assert forger.bias.grad is None

# %%
# **Not emptying the judge.** What the forger's turn left behind is added to the judge's own
# gradient.
empty()
judges_loss(forger(noise).detach()).backward()
clean = judge.weight.grad.clone()
empty()
distance(forger(noise), 1.0).backward()
left_behind = judge.weight.grad.clone()
judges_loss(forger(noise).detach()).backward()
print(f"{torch.equal(judge.weight.grad, clean) = }")

torch.testing.assert_close(judge.weight.grad, clean + left_behind)

# %%
# What to remember
# ----------------
#
# - The judge's turn: ``fake.detach()``, the judge's optimizer.
# - The forger's turn: no ``detach``, the forger's optimizer. The gradient passes through the
#   judge.
# - Empty before each turn: a backward pass fills every leaf that it reaches, whoever steps.
#
# Exercise
# --------
#
# In the judge's turn, someone makes the forgeries under ``torch.no_grad()`` instead of detaching
# them. Does the judge get the same gradient? And can the same ``fake`` serve the forger's turn
# afterwards?

# %%
# .. answer-begin::

# %%
# The gradient is the same, and no graph of the forger is built, which saves memory. But then there
# is no way back to the forger: for its own turn it has to compute ``fake`` again, tracked.
empty()
with torch.no_grad():
    fake = forger(noise)  # (64, 1)
judges_loss(fake).backward()
print(f"{fake.requires_grad = }")

assert not fake.requires_grad
torch.testing.assert_close(judge.weight.grad, clean)

# %%
# .. answer-end::
#
# You came from :ref:`page-mixed-precision`. Here two networks met in one graph. On the next page
# one network meets itself, at each step of a sequence: :ref:`page-through-time`.
