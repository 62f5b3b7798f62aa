r"""Rules of the loss functions; each reduction has its own.

torch numbers the reductions: 0 none, 1 mean, 2 sum. In the formulas $j$ counts the classes.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from autograd_vi.rules.entries import Entry, shares
from autograd_vi.rules.loss_entries import (
    difference,
    huber_entry,
    logit_entry,
    probability_entry,
    smooth_entry,
)
from autograd_vi.rules.rule import GIVEN, Leaving, Rule, Values
from autograd_vi.rules.terms import Number, Term

_NONE, _MEAN, _SUM = 0, 1, 2

Slope = Callable[[Values], torch.Tensor]
Work = Callable[[Entry], Term]


def _entries(s: Values) -> int:
    return s.entries("self", 0)


def _loss(
    node: str,
    each: str,
    slope: str,
    function: Slope,
    *,
    when: dict[str, object] | None = None,
    letters: str = "a=self b=target",
    target: tuple[str, Slope] | None = None,
    numbers: dict[str, str] | None = None,
    options: dict[str, tuple[float, ...]] | None = None,
    target_letter: str = "b",
    where: str = "",
    factor: int = 1,
    entry: Work | None = None,
) -> list[Rule]:
    """Return the three rules of a loss whose entries are ``each``.

    It is long because every argument is explained here.

    Args:
        node: the name of torch's node.
        each: LaTeX of one entry's loss, and ...
        slope: ... of its derivative with respect to the prediction's entry.
        function: the value of ``slope``, for all entries.
        when: as in ``Rule``.
        letters: as for ``pointwise``.
        target: the same two for the target; if left out, the negative of the prediction's.
        numbers: as in ``Rule``.
        options: as in ``Rule``.
        target_letter: the letter of the target.
        factor: a number that belongs to ``slope``, written in front.
        where: LaTeX that ends the forward formula: what ``each`` means.
        entry: works out one entry of ``slope``.
    """
    other, other_function = target or (f"-{slope}", lambda s: -function(s))
    times_factor = "" if factor == 1 else f"{factor}\\, "
    mean, total = rf"\tfrac{{{factor}}}{{n}}\, g", rf"\textstyle\sum_i {each}"
    kinds = (
        (_NONE, rf"\rho_i = {each}", f"{times_factor}g_i", lambda s, g: factor * g),
        (_MEAN, rf"\rho = \tfrac{{1}}{{n}} {total}", mean, lambda s, g: factor * g / _entries(s)),
        (_SUM, rf"\rho = {total}", f"{times_factor}g", lambda s, g: factor * g),
    )

    def times(
        share: Callable[[Values, torch.Tensor], torch.Tensor], factor: Slope
    ) -> Callable[..., torch.Tensor]:
        return lambda s, g: share(s, g) * factor(s)

    def worked(reduction: int) -> Work | None:
        return None if entry is None else lambda at: _share(at, reduction, factor) * entry(at)

    def worked_for_target(reduction: int) -> Work | None:
        slope = None if target else worked(reduction)
        return None if slope is None else lambda at: -slope(at)

    def signed(front: str, factor: str) -> str:
        return f"-{front}\\, {factor[1:]}" if factor.startswith("-") else f"{front}\\, {factor}"

    return [
        Rule(
            node,
            forward + where,
            (
                Leaving(signed(front, slope), times(share, function), "i", entry=worked(reduction)),
                Leaving(
                    signed(front, other),
                    times(share, other_function),
                    "i",
                    entry=worked_for_target(reduction),
                ),
            ),
            when={**(when or {}), "reduction": reduction},
            letters=dict(pair.split("=") for pair in letters.split()),
            numbers={**(numbers or {}), **({"n": _entries} if reduction == _MEAN else {})},
            slots=("a", target_letter),
            options=options or {},
        )
        for reduction, forward, front, share in kinds
    ]


def _share(entry: Entry, reduction: int, factor: int) -> Term:
    """Return what stands in front of a loss's slope: the gradient that entered, and numbers."""
    g = entry.g() if reduction == _NONE else entry.g(())
    if reduction == _MEAN:
        return Number(factor) / Number(_entries(entry.values)) * g
    return g if factor == 1 else Number(factor) * g


def _weighted(text: str, *, weighted: bool) -> str:
    return rf"\omega_i\, {text}" if weighted else text


def _weight(s: Values) -> torch.Tensor | float:
    return 1.0 if s.weight is None else s.weight


def _cross_entropy(*, weighted: bool) -> list[Rule]:
    """Return the rules of binary cross-entropy of probabilities; torch keeps x(1 − x) above 10⁻¹²."""
    each = r"\bigl(-\tau_i \ln \xi_i - (1 - \tau_i) \ln (1 - \xi_i)\bigr)"
    return _loss(
        "BinaryCrossEntropyBackward0",
        _weighted(each, weighted=weighted),
        _weighted(r"\frac{\xi_i - \tau_i}{\max(\xi_i (1 - \xi_i), 10^{-12})}", weighted=weighted),
        lambda s: _weight(s) * (s.self - s.target) / (s.self * (1 - s.self)).clamp(min=1e-12),
        entry=probability_entry,
        when={"weight": GIVEN if weighted else None},
        letters="a=self t=target" + (" w=weight" if weighted else ""),
        target=(
            _weighted(r"\bigl(\ln (1 - \xi_i) - \ln \xi_i\bigr)", weighted=weighted),
            lambda s: _weight(s) * ((1 - s.self).log() - s.self.log()),
        ),
        target_letter="t",
    )


def _logits(*, weighted: bool, positive: bool) -> list[Rule]:
    """Return the rules of binary cross-entropy of logits; positive examples may weigh more."""
    front = r"\chi_i\, \tau_i" if positive else r"\tau_i"
    each = rf"\bigl(-{front} \ln \sigma(\xi_i) - (1 - \tau_i) \ln \sigma(-\xi_i)\bigr)"
    slope = (
        r"\bigl((1 - \tau_i)\, \sigma(\xi_i) - \chi_i\, \tau_i\, \sigma(-\xi_i)\bigr)"
        if positive
        else r"(\sigma(\xi_i) - \tau_i)"
    )
    logs = r"\bigl(\ln \sigma(-\xi_i) - \chi_i \ln \sigma(\xi_i)\bigr)" if positive else r"\xi_i"
    letters = "a=self t=target" + " w=weight" * weighted + " c=pos_weight" * positive

    def share(s: Values) -> torch.Tensor | float:
        return s.pos_weight if positive else 1.0

    def on_target(s: Values) -> torch.Tensor:
        x = s.self
        return _weight(s) * (
            torch.nn.functional.logsigmoid(-x) - share(s) * torch.nn.functional.logsigmoid(x)
        )

    return _loss(
        "BinaryCrossEntropyWithLogitsBackward0",
        _weighted(each, weighted=weighted),
        _weighted(slope, weighted=weighted),
        lambda s: (
            _weight(s)
            * ((1 - s.target) * s.self.sigmoid() - share(s) * s.target * (-s.self).sigmoid())
        ),
        entry=logit_entry,
        when={"weight": GIVEN if weighted else None, "pos_weight": GIVEN if positive else None},
        letters=letters,
        target=(
            _weighted(logs, weighted=weighted) if positive else _minus(weighted=weighted),
            on_target,
        ),
        target_letter="t",
    )


def _minus(*, weighted: bool) -> str:
    return r"-\omega_i\, \xi_i" if weighted else r"-\xi_i"


def _smooth(s: Values) -> torch.Tensor:
    return ((s.self - s.target) / s.beta).clamp(-1, 1)  # type: ignore[no-any-return]  # a tensor


def _nll(node: str, reduction: int, *, weighted: bool) -> Rule:
    """Return the rule of the negative log-likelihood; without weights all classes weigh 1."""
    weight = r"\omega_{\tau_i}\, " if weighted else ""
    each = rf"{weight}\xi_{{i, \tau_i}}"
    forward, front = {
        _NONE: (rf"\rho_i = -{each}", "g_i"),
        _MEAN: (rf"\rho = -\tfrac{{1}}{{n}} \textstyle\sum_i {each}", r"\tfrac{1}{n}\, g"),
        _SUM: (rf"\rho = -\textstyle\sum_i {each}", "g"),
    }[reduction]
    return Rule(
        node,
        forward,
        (Leaving(rf"-{front}\, {weight}[j = \tau_i]", _nll_value, "ij", entry=shares),),
        when={"reduction": reduction, "weight": GIVEN if weighted else None},
        letters={"a": "self", "t": "target"} | ({"w": "weight"} if weighted else {}),
        numbers={"n": lambda s: s.total_weight.item()} if reduction == _MEAN else {},
    )


def _nll_value(s: Values, g: torch.Tensor) -> torch.Tensor:
    """Return −g·ω at the target's class; a target that is ignored sends nothing."""
    one_row = s.self.dim() == 1
    scores = s.self[None] if one_row else s.self.movedim(1, -1)
    x = scores.reshape(-1, scores.shape[-1])
    target = s.target.reshape(-1)
    weight = x.new_ones(x.shape[1]) if s.weight is None else s.weight
    rows = torch.arange(len(x))[target != s.ignore_index]
    columns = target[target != s.ignore_index]
    share = g / s.total_weight if s.reduction == _MEAN else g.reshape(-1)
    found = torch.zeros_like(x)
    found[rows, columns] = -(share.expand(target.shape)[rows] * weight[columns])
    found = found.reshape(scores.shape)
    return found[0] if one_row else found.movedim(-1, 1)


RULES = (
    *[
        _nll(node, reduction, weighted=weighted)
        for node in ("NllLossBackward0", "NllLoss2DBackward0")
        for reduction in (_NONE, _MEAN, _SUM)
        for weighted in (False, True)
    ],
    *_loss(
        "MseLossBackward0",
        r"(\xi_i - \psi_i)^2",
        r"(\xi_i - \psi_i)",
        lambda s: s.self - s.target,
        factor=2,
        entry=difference,
    ),
    *_loss(
        "SmoothL1LossBackward0",
        r"h(\xi_i - \psi_i)",
        r"\max(-1, \min((\xi_i - \psi_i) / k, 1))",
        _smooth,
        entry=smooth_entry,
        where=r", \quad h(d) = [|d| < k]\, d^2 / (2 k) + [|d| \ge k]\, (|d| - k / 2)",
        numbers={"k": "beta"},
        options={"beta": (1.0, 0.5)},
    ),
    *_loss(
        "HuberLossBackward0",
        r"h(\xi_i - \psi_i)",
        r"\max(-k, \min(\xi_i - \psi_i, k))",
        lambda s: (s.self - s.target).clamp(-s.delta, s.delta),
        entry=huber_entry,
        where=r", \quad h(d) = [|d| < k]\, d^2 / 2 + [|d| \ge k]\, k\, (|d| - k / 2)",
        numbers={"k": "delta"},
        options={"delta": (1.0, 0.5)},
    ),
    *_cross_entropy(weighted=False),
    *_cross_entropy(weighted=True),
    *[
        rule
        for weighted in (False, True)
        for positive in (False, True)
        for rule in _logits(weighted=weighted, positive=positive)
    ],
)
