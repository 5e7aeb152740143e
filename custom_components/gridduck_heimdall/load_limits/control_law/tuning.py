"""The constants of the control law; benchmarks/load_control shows what each is worth."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Constants of the control law; durations are seconds, shares 0 to 1.

    Attributes:
        ahead: seconds ahead that a rising load is projected.
        damping: factor by which a trend falls in a minute.
        level_noise: how far the level moves in a minute, % of the limit.
        trend_noise: how far the trend moves in a minute, % of the limit a minute.
        reading_noise: standard deviation of a measurement, % of the limit.
        highest_bias: by how much the highest of several readings exceeds their level, % of the
            limit.
        tempering: weight of a measurement's evidence on the response; below 1, as errors of
            successive measurements are not independent.
        forgetting: share of the evidence on the response that fades in a minute.
        jump: squared error, in variances, from which the uncontrolled part has jumped.
        doubt: probability of no response, or the wrong one, above which curtailment stops at once.
        lasting_doubt: the same, where it stays above that for `doubt_lasts`, s.
        blocked: seconds for which it then stays stopped.
        least_response: response below which no more load is curtailed for a missing response.
        trusted: probability of the full response from which it is proven.
        unproven: share of the limit that is curtailed at most before a response is proven.
        time_on: shortest time on between two curtailments, whatever an asset allows.
        time_off: shortest time off before a return for room.
        rested: seconds for which an asset that has returned is curtailed after all that have not.
        step: seconds between two returns with ample room.
        slow_step: seconds between two returns with little room.
        ample: share of the limit that is ample room.
        step_share: share of the limit up to which more than one asset returns in a step.
        early: seconds before the end of a lease at which an asset returns that may not stay off.
        limit_held: seconds for which no asset returns on the rise of a limit.
        without_data: seconds after the last measurement for which curtailment holds.
        check_after: seconds after which a curtailed asset has to draw less.
        no_effect: share of its power above which a curtailed asset had no effect.
        floor_slack: share of the power that is always left on by which what is on may draw less.
        respect: seconds for which an asset is left alone whose curtailment a person has ended.
    """

    ahead: float = 180.0
    damping: float = 0.95
    level_noise: float = 0.8
    trend_noise: float = 0.25
    reading_noise: float = 0.9
    highest_bias: float = 0.4
    tempering: float = 0.7
    forgetting: float = 0.008
    jump: float = 12.0
    doubt: float = 0.8
    lasting_doubt: float = 0.5
    doubt_lasts: float = 420.0
    blocked: float = 3 * 3600.0
    least_response: float = 0.25
    trusted: float = 0.95
    unproven: float = 0.5
    time_on: float = 900.0
    time_off: float = 720.0
    rested: float = 1800.0
    step: float = 60.0
    slow_step: float = 210.0
    ample: float = 0.02
    step_share: float = 0.005
    early: float = 130.0
    limit_held: float = 180.0
    without_data: float = 3600.0
    check_after: float = 120.0
    no_effect: float = 0.8
    floor_slack: float = 0.05
    respect: float = 3600.0


DEFAULT: Final = Tuning()
