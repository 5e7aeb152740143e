"""What `script/mutate` changes in a module, and where it looks for the tests that notice."""

import ast

import pytest

from script.mutation.operators import mutants, mutated
from script.mutation.targets import ROOT, TARGETS, paths_of, source_of


def changed(source: str) -> set[str]:
    """Return what the mutants make of the statement that each of them changes."""
    return {mutant.after for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a = b < c", {"a = b <= c", "a = b >= c"}),
        ("a = b is c", {"a = b is not c"}),
        ("a = b and c", {"a = b or c", "a = b", "a = c"}),
        ("a = not b", {"a = b"}),
        ("a = b + c", {"a = b - c"}),
        ("a = b | c", {"a = b", "a = c"}),
        ("a = 1", {"a = 2"}),
        ("a = 0.0", {"a = 1.0"}),
        ("a = True", {"a = False"}),
        ("a = min(b)", {"a = max(b)"}),
        ("a = any(b)", {"a = all(b)"}),
        ("a = [b for b in c if d]", {"a = [b for b in c if not d]", "a = [b for b in c]"}),
        ("a.b = c", {"delete a.b = c"}),
        ("a += b", {"delete a += b"}),
        ("await_it()", {"delete await_it()"}),
        ("if a: pass", {"if not a:"}),
        ("def f(): return a", {"return None"}),
        ("try: pass\nexcept (A, B): pass", {"except (A,):", "except (B,):"}),
        ("try: pass\nexcept A: pass", {"except ():"}),
        ("raise A", {"delete raise A"}),
        ("match a:\n  case 'b' | 'c' if d: pass", {"case 'b' if d:", "case 'c' if d:"}),
        ("def f(a: int | None) -> A | B: 'Return it.'", set()),
        ("@dataclass(frozen=True)\nclass A(B, gc=False): a: int | None", set()),
        ("type A = B | C", set()),
    ],
)
def test_changes(source: str, wanted: set[str]) -> None:
    assert changed(source) >= wanted
    if not wanted:
        assert not changed(source)


def test_each_mutant_is_one_change_that_compiles() -> None:
    """Of all modules that are mutated."""
    for module in TARGETS:
        source = source_of(module).read_text()
        whole = ast.unparse(ast.parse(source))
        every = mutants(source)
        assert every
        for mutant in every[::7]:
            tree = mutated(source, mutant)
            compile(tree, module, "exec")
            assert ast.unparse(tree) != whole


@pytest.mark.parametrize("module", TARGETS)
def test_each_module_has_its_tests(module: str) -> None:
    for path in paths_of(module):
        assert (ROOT / path).is_file()
