"""Every way a plugin can fail is one named failure, harms nobody else, and does not depend on any order."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import invalidate_caches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.contributions import FORMATS
from careplan.plan.model import Failure
from careplan.registry import OPTIONS, Registry, add_commands, load_plugins
from careplan.render import formats
from tests.distributions import BUILT_IN, distribution, forget, modality, with_stranger

Install = Callable[..., Registry]


@pytest.fixture
def loaded(site: Path) -> Install:
    """What is loaded beside a plugin ``stranger`` of this source."""

    def install(source: str, **metadata: Any) -> Registry:
        distribution(site, "careplan-stranger", {"stranger": source}, **metadata)
        invalidate_caches()
        return load_plugins()

    return install


def names(registry: Registry) -> tuple[str, ...]:
    return tuple(each.name for each in registry.plugins)


def hook(name: str, body: str, marker: str = "@hookimpl", arguments: str = "") -> str:
    return f"from careplan.hookspecs import *\n{marker}\ndef {name}({arguments}):\n    {body}\n"


def test_the_built_in_plugins_load_in_the_order_of_their_modalities() -> None:
    registry = load_plugins()
    assert names(registry) == BUILT_IN
    assert registry.failures == ()
    assert tuple(registry.modalities) == BUILT_IN


def test_a_strangers_plugin_stands_where_its_modality_says(loaded: Install) -> None:
    registry = loaded(modality("stranger", order=15), version="3.1")
    assert names(registry) == with_stranger("stranger", after="education")
    assert registry.failures == ()
    assert registry.versions["stranger"] == "3.1"
    (plugin,) = (each for each in registry.plugins if each.name == "stranger")
    assert str(plugin) == "stranger of careplan-stranger 3.1"
    assert not plugin.builtin


@pytest.mark.parametrize(
    ("source", "stage", "message"),
    [
        pytest.param(
            "import nowhere_to_be_found\n",
            "import",
            "ModuleNotFoundError: No module named 'nowhere_to_be_found' (in careplan_stranger_stranger, line 1)",
            id="an import that fails",
        ),
        pytest.param(
            "\nraise SystemExit(3)\n", "import", "SystemExit: 3 (in careplan_stranger_stranger, line 2)", id="it exits"
        ),
        pytest.param(
            "def (:\n",
            "import",
            "SyntaxError: invalid syntax (careplan_stranger_stranger.py, line 1)",
            id="it is no Python",
        ),
        pytest.param(
            hook("careplan_ruleset", "return []"),
            "hooks",
            "careplan_ruleset is not a hook of careplan; did you mean 'careplan_rulesets'?",
            id="a misspelt hook",
        ),
        pytest.param(
            hook("careplan_rulesets", "return []", marker=""),
            "hooks",
            "careplan_rulesets is not marked as a hook; write @hookimpl above it",
            id="a hook that is not marked",
        ),
        pytest.param(
            hook("careplan_ruleset", "return []", marker=""),
            "hooks",
            "careplan_ruleset is not marked as a hook; write @hookimpl above it",
            id="a misspelt hook that is not marked",
        ),
        pytest.param(
            "careplan_rulesets = []\n",
            "hooks",
            "careplan_rulesets is not marked as a hook; write @hookimpl above it",
            id="a hook that is no function",
        ),
        pytest.param(
            hook("careplan_rulesets", "return [1 / 0]"),
            "careplan_rulesets",
            "ZeroDivisionError: division by zero (in careplan_stranger_stranger, line 4)",
            id="a hook that raises",
        ),
        pytest.param(
            hook("careplan_rulesets", "raise SystemExit"),
            "careplan_rulesets",
            "SystemExit: (in careplan_stranger_stranger, line 4)",
            id="a hook that exits",
        ),
        pytest.param(
            hook("careplan_sections", "return ()"),
            "careplan_sections",
            "careplan_sections returned (); it should return a list of SectionSpec",
            id="a hook that returns no list",
        ),
        pytest.param(
            hook("careplan_sections", "return ['sleep']"),
            "careplan_sections",
            "careplan_sections returned ['sleep']; it should return a list of SectionSpec",
            id="a hook that returns a list of something else",
        ),
        pytest.param(
            hook("careplan_modality", "return [Modality(id, id, 'p', 5, 'a') for id in ('one', 'two')]"),
            "careplan_modality",
            "a plugin stands for one modality; this one names one, two",
            id="two modalities",
        ),
        pytest.param(
            hook("careplan_modality", "return [Modality('pool', 'Pool', None, 5, 'a')]"),
            "ids",
            "Modality.purpose is None; it should be a text",
            id="a modality without a purpose",
        ),
        pytest.param(
            hook("careplan_modality", "return [Modality('../pool', 'Pool', 'p', 5, 'a')]"),
            "ids",
            "'../pool' is not an id; write small letters, digits and underscores, such as hydrotherapy",
            id="an id that is none",
        ),
        pytest.param(
            hook("careplan_modality", "return [Modality('pool', 'P', 'p', 5, 'a', stays_in_small_plans=True)]"),
            "ids",
            "'pool' asks to stay in plans that a safety rule cuts down; only built-in modalities may",
            id="a stranger that wants to stay in small plans",
        ),
        pytest.param(
            hook("careplan_sections", "return [SectionSpec('pool', 'Pool', 'base/section.html')]"),
            "ids",
            "'pool' belongs to no modality; add careplan_modality",
            id="a section of no modality",
        ),
        pytest.param(
            hook("careplan_renderers", "return [Renderer('pdf', '.pdf', print)]"),
            "ids",
            "the format 'pdf' is built in",
            id="a format that is built in",
        ),
    ],
)
def test_a_broken_plugin_is_one_named_failure_and_the_others_load(
    source: str, stage: str, message: str, loaded: Install
) -> None:
    registry = loaded(source)
    assert registry.failures[0] == Failure("stranger", stage, message)
    assert names(registry) == BUILT_IN


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_that_lets_a_plugin_come_before_others_is_refused(option: str, loaded: Install) -> None:
    value = "'careplan_rulesets'" if option == "specname" else "True"
    registry = loaded(hook("careplan_rulesets", "yield", marker=f"@hookimpl({option}={value})"))
    message = f"careplan_rulesets asks for {option}; a hook of careplan stands for itself and takes no options"
    assert registry.failures == (Failure("stranger", "hooks", message),)
    assert names(registry) == BUILT_IN


def test_an_argument_that_a_hook_does_not_have_is_named(loaded: Install) -> None:
    (failure,) = loaded(hook("careplan_rulesets", "return []", arguments="patient")).failures
    assert (failure.plugin, failure.stage) == ("stranger", "hooks")
    assert "hookimpl definition: careplan_rulesets(patient)" in failure.message
    assert "{'patient'} are declared in the hookimpl but can not be found in the hookspec" in failure.message


def test_every_misfit_between_contributions_is_named_at_once(loaded: Install, site: Path) -> None:
    registry = loaded(
        f"""
        from pathlib import Path
        from careplan.hookspecs import *

        HERE = Path({str(site)!r})

        @hookimpl
        def careplan_modality():
            return [Modality("pool", "Pool", "To swim.", 5, "Tests")]

        @hookimpl
        def careplan_rulesets():
            return [RulesetFolder("sauna", HERE / "rules")]

        @hookimpl
        def careplan_sections():
            return [SectionSpec("pool", "Pool", "sleep/section.html"), SectionSpec("bath", "Bath", "pool/bath.html")]

        @hookimpl
        def careplan_templates():
            return [TemplateFolder("sauna", HERE / "templates")]

        @hookimpl
        def careplan_instruments():
            return [InstrumentFile(HERE / "no.yaml")]

        @hookimpl
        def careplan_facts():
            return [VocabularyFile(HERE / "facts.yaml")]
        """
    )
    assert [each.message for each in registry.failures] == [
        "'bath' asks for 'pool/bath.html', which no template folder holds",
        "'pool' asks for 'sleep/section.html', a template of another modality",
        "the ruleset 'sauna' has no folder " + str(site / "rules"),
        "the ruleset 'sauna' is not of its modality (pool); a plugin brings the rules of its own",
        "the templates 'sauna' are not of its modality (pool)",
        "the templates 'sauna' have no folder " + str(site / "templates"),
        f"there is no file {site / 'facts.yaml'}",
        f"there is no file {site / 'no.yaml'}",
    ]
    assert {each.plugin for each in registry.failures} == {"stranger"}


def test_an_id_that_is_built_in_stays_built_in(loaded: Install) -> None:
    registry = loaded(modality("sleep"))
    assert registry.failures == (
        Failure(
            "stranger",
            "ids",
            "the modality 'sleep' is claimed by sleep of careplan 1.0.0 and by stranger of careplan-stranger 1.0",
        ),
    )
    assert names(registry) == BUILT_IN


def test_of_two_strangers_that_claim_one_id_neither_is_loaded(site: Path) -> None:
    for name in ("one", "two"):
        distribution(site, f"careplan-{name}", {name: modality("pool")})
    invalidate_caches()
    registry = load_plugins()
    message = "the modality 'pool' is claimed by one of careplan-one 1.0 and by two of careplan-two 1.0"
    assert registry.failures == (Failure("one", "ids", message), Failure("two", "ids", message))
    assert names(registry) == BUILT_IN


def test_a_plugin_that_claims_one_id_twice_is_refused(loaded: Install) -> None:
    source = modality("pool") + hook("careplan_checks", "return [Check('depth', print), Check('depth', print)]")
    me = "stranger of careplan-stranger 1.0"
    failure = Failure("stranger", "ids", f"the check 'depth' is claimed by {me} and by {me}")
    assert set(loaded(source).failures) == {failure}


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"requires": ["careplan>=99"]}, "needs careplan>=99, and 1.0.0 is installed; install versions that fit"),
        ({"requires": ["no-such-thing~=1.0"]}, "needs no-such-thing~=1.0, which is not installed"),
        ({"python": ">=99"}, f"needs Python >=99, and this is Python {sys.version.split()[0]}"),
        ({"requires": ["careplan ~~ 1"]}, "InvalidRequirement: "),
    ],
)
def test_a_plugin_whose_requirements_are_not_met_is_never_imported(
    metadata: dict[str, object], message: str, loaded: Install
) -> None:
    registry = loaded("raise SystemExit('imported')", **metadata)
    (failure,) = registry.failures
    assert (failure.plugin, failure.stage) == ("stranger", "requirements")
    assert failure.message.startswith(message)
    assert names(registry) == BUILT_IN


def test_a_requirement_for_another_system_or_an_extra_does_not_count(loaded: Install) -> None:
    requires = ["careplan>=1", "no-such-thing; sys_platform == 'plan9'", "no-such-thing; extra == 'dev'"]
    assert loaded(modality("pool"), requires=requires).failures == ()


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_order_of_plugins_never_depends_on_where_or_when_they_are_found(data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.sampled_from(["ant", "bee", "cow", "dog", "elk"]), unique=True, min_size=2))
    orders = [data.draw(st.integers(500, 502)) for _ in ids]
    wanted = [name for _, name in sorted(zip(orders, ids, strict=True))]
    before = list(sys.path)
    with TemporaryDirectory() as root:
        sites = [Path(root) / f"site{number}" for number in range(len(ids))]
        for site, name, order in zip(data.draw(st.permutations(sites)), ids, orders, strict=True):
            distribution(site, f"careplan-{name}", {f"z_{name}": modality(name, order)})
        try:
            sys.path[:0] = map(str, data.draw(st.permutations(sites)))
            invalidate_caches()
            registry = load_plugins()
        finally:
            sys.path[:] = before
            forget(Path(root))
    assert registry.failures == ()
    assert list(registry.modalities) == [*BUILT_IN, *wanted]


def test_sections_come_in_the_order_of_modalities_then_their_own(loaded: Install) -> None:
    sections = (
        "return [SectionSpec(id, id, 'base/section.html', order=2 - (id == 'last')) for id in ('b', 'a', 'last')]"
    )
    registry = loaded(modality("pool", order=15) + hook("careplan_sections", sections))
    assert registry.failures == ()
    own = [section.id for name, section in registry.sections if name == "pool"]
    assert own == ["last", "a", "b"]
    modalities = [name for name, _ in registry.sections]
    assert tuple(dict.fromkeys(modalities)) == with_stranger("pool", after="education")
    place = modalities.index("pool")
    assert modalities[place : place + 3] == ["pool"] * 3
    assert modalities.count("pool") == 3


def test_the_formats_that_no_plugin_may_bring_are_those_built_in() -> None:
    assert sorted(formats.FORMATS) == sorted(FORMATS)


def test_a_plugin_taken_out_leaves_its_failure() -> None:
    registry = load_plugins().without("sleep", "files", "unreadable")
    assert names(registry) == tuple(each for each in BUILT_IN if each != "sleep")
    assert registry.failures == (Failure("sleep", "files", "unreadable"),)


COMMAND = """
import click
from careplan.hookspecs import hookimpl

@hookimpl
def careplan_commands(cli):
    cli.add_command(click.Command("{name}"))
    {then}
"""


def commands_beside(site: Path, **plugins: str) -> tuple[click.Group, tuple[Failure, ...]]:
    for name, source in plugins.items():
        distribution(site, f"careplan-{name}", {name: source})
    invalidate_caches()
    cli = click.Group("careplan", {"generate": click.Command("generate")})
    return cli, add_commands(cli)


def test_a_command_whose_name_is_free_is_added(site: Path) -> None:
    cli, failures = commands_beside(site, one=COMMAND.format(name="swim", then=""))
    assert sorted(cli.commands) == ["generate", "swim"]
    assert failures == ()


def test_a_command_whose_name_is_taken_is_not_added(site: Path) -> None:
    cli, failures = commands_beside(site, one=COMMAND.format(name="generate", then=""))
    assert sorted(cli.commands) == ["generate"]
    assert failures == (Failure("one", "careplan_commands", "the command 'generate' belongs to careplan"),)


def test_a_command_that_two_plugins_bring_is_added_for_neither(site: Path) -> None:
    cli, failures = commands_beside(
        site, one=COMMAND.format(name="swim", then=""), two=COMMAND.format(name="swim", then="")
    )
    assert sorted(cli.commands) == ["generate"]
    assert failures == (
        Failure("one", "careplan_commands", "the command 'swim' belongs to two"),
        Failure("two", "careplan_commands", "the command 'swim' belongs to one"),
    )


def test_a_plugin_that_fails_while_it_adds_commands_adds_none(site: Path) -> None:
    cli, failures = commands_beside(site, one=COMMAND.format(name="swim", then="raise OSError('no pool')"))
    assert sorted(cli.commands) == ["generate"]
    message = "OSError: no pool (in careplan_one_one, line 8)"
    assert failures == (Failure("one", "careplan_commands", message),)
