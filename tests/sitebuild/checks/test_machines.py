"""Each machine says why it is there, and in time each page meets each of them."""

from sitebuild.checks.imitations import IMITATIONS
from sitebuild.checks.machines import MACHINES, PLAIN, of_page


def test_each_machine_has_a_name_of_its_own_a_reason_and_something_that_is_done() -> None:
    assert len({machine.name for machine in (PLAIN, *MACHINES)}) == len(MACHINES) + 1
    for machine in MACHINES:
        assert len(machine.reason.split()) > 5
        assert machine.environment or machine.imitations
        assert set(machine.imitations) <= set(IMITATIONS)


def test_each_imitation_belongs_to_a_machine() -> None:
    assert set(IMITATIONS) == {name for machine in MACHINES for name in machine.imitations}


def test_the_same_text_of_a_page_chooses_the_same_machine() -> None:
    assert of_page("gallery/a/plot_b", "x = 1") is of_page("gallery/a/plot_b", "x = 1")


def test_changes_of_a_page_choose_all_machines_in_time() -> None:
    chosen = {of_page("gallery/a/plot_b", f"x = {n}").name for n in range(300)}
    assert chosen == {machine.name for machine in MACHINES}
