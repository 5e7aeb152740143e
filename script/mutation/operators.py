"""The mutations of a module: one small change of its syntax tree each."""

import ast
from collections.abc import Iterator
import copy
from dataclasses import dataclass
from typing import Final

_NEGATED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
}
_BOUNDARY: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
_CALLS: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}

# Annotations and the flags of classes are no behaviour of the module.
_SKIPPED: Final = {
    ast.AnnAssign: {"annotation", "target"},
    ast.arg: {"annotation"},
    ast.FunctionDef: {"decorator_list", "returns", "type_params"},
    ast.AsyncFunctionDef: {"decorator_list", "returns", "type_params"},
    ast.ClassDef: {"decorator_list", "bases", "keywords", "type_params"},
    ast.TypeAlias: {"name", "type_params", "value"},
    ast.FormattedValue: {"format_spec", "conversion"},
    ast.Subscript: set[str](),
}


type _Owner = ast.stmt | ast.ExceptHandler | ast.match_case


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a module.

    Attributes:
        line: the line of the statement that is changed.
        before: that statement; of a compound one its first line.
        after: the same, changed.
        place: the number of the changed node in the walk over the tree.
        choice: the number of the change of that node.
    """

    line: int
    before: str
    after: str
    place: int
    choice: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A node and where it hangs, so that it can be replaced."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    statement: _Owner | None

    def put(self, node: ast.AST) -> None:
        """Replace the node."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants(source: str) -> list[Mutant]:
    """Return all mutants of a module, in the order of its lines."""
    tree = ast.parse(source)
    found = list[Mutant]()
    for number, place in enumerate(_places(tree)):
        for choice, node in enumerate(_changes(place)):
            if place.statement is None:
                continue
            before = _header(place.statement)
            if place.node is place.statement:
                after = f"delete {before}" if isinstance(node, ast.Pass) else _header(node)
            else:
                place.put(node)
                after = _header(place.statement)
                place.put(place.node)
            line = getattr(place.node, "lineno", getattr(place.statement, "lineno", 0))
            found.append(Mutant(line, before, after, number, choice))
    return found


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """Return the tree of the module with one change."""
    tree = ast.parse(source)
    for number, place in enumerate(_places(tree)):
        if number == mutant.place:
            place.put(list(_changes(place))[mutant.choice])
            break
    return ast.fix_missing_locations(tree)


def _places(parent: ast.AST, statement: _Owner | None = None) -> Iterator[_Place]:
    """Walk over all nodes that may be changed, each with the statement that it belongs to."""
    skipped = _SKIPPED.get(type(parent), set[str]())
    for field, value in ast.iter_fields(parent):
        if field in skipped:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(node, ast.AST):
                continue
            its = statement
            if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
                its = node
            yield _Place(parent, field, index, node, its)
            yield from _places(node, its)


def _changes(place: _Place) -> Iterator[ast.AST]:
    """Yield what may take the place of a node."""
    match place.node:
        case ast.stmt() as statement:
            yield from _of_statement(statement)
        case ast.ExceptHandler() as handler:
            yield from _of_handler(handler)
        case ast.comprehension(ifs=[_, *_]) as loop:
            for condition in loop.ifs:
                yield _with(loop, ifs=[one for one in loop.ifs if one is not condition])
        case ast.MatchOr(patterns=patterns) as pattern:
            for left in ([other for other in patterns if other is not one] for one in patterns):
                yield left[0] if len(left) == 1 else _with(pattern, patterns=left)
        case ast.expr() as expression:
            yield from _of_expression(expression)
            if _is_condition(place):
                yield ast.UnaryOp(ast.Not(), expression)


def _of_statement(statement: ast.stmt) -> Iterator[ast.AST]:
    match statement:
        case ast.Expr(value=ast.Constant()):
            return  # a docstring
        # To return None in place of False is rarely anything else.
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) not in {"None", "False"}:
            yield ast.Return(ast.Constant(None))
        case ast.Expr() | ast.AugAssign() | ast.Delete() | ast.Raise():
            yield ast.Pass()
        case ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()


def _of_handler(handler: ast.ExceptHandler) -> Iterator[ast.AST]:
    match handler.type:
        case ast.Tuple(elts=types):
            for one in types:
                kept = [other for other in types if other is not one]
                yield _with(handler, type=ast.Tuple(kept, ast.Load()))
        case ast.expr():
            yield _with(handler, type=ast.Tuple([], ast.Load()))


def _of_expression(expression: ast.expr) -> Iterator[ast.AST]:
    match expression:
        case ast.Compare(ops=ops):
            for table in (_BOUNDARY, _NEGATED):
                for index, operator in enumerate(ops):
                    if (other := table.get(type(operator))) is not None:
                        yield _with(expression, ops=[*ops[:index], other(), *ops[index + 1 :]])
        case ast.BoolOp(op=operator, values=values):
            yield _with(expression, op=ast.Or() if isinstance(operator, ast.And) else ast.And())
            for left in ([other for other in values if other is not one] for one in values):
                yield left[0] if len(left) == 1 else _with(expression, values=left)
        case ast.UnaryOp() | ast.BinOp() | ast.Call():
            yield from _of_operation(expression)
        case ast.Constant():
            yield from _of_constant(expression)


def _of_operation(operation: ast.UnaryOp | ast.BinOp | ast.Call) -> Iterator[ast.AST]:
    match operation:
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd(), right=right):
            yield left
            yield right
        case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC:
            yield _with(operation, op=_ARITHMETIC[type(operator)]())
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield _with(operation, func=ast.Name(_CALLS[name], ast.Load()))


def _of_constant(constant: ast.Constant) -> Iterator[ast.AST]:
    match constant.value:
        case bool(value):
            yield ast.Constant(not value)
        case int(value):
            yield ast.Constant(value + 1)
        case float(value):
            yield ast.Constant(value * 2 or 1.0)


def _is_condition(place: _Place) -> bool:
    """Tell whether a node decides, and no other change of it says the contrary."""
    if isinstance(place.node, ast.UnaryOp) or (
        isinstance(place.node, ast.Compare) and len(place.node.ops) == 1
    ):
        return False
    match place.parent, place.field:
        case (ast.If() | ast.While() | ast.IfExp(), "test"):
            return True
        case (ast.comprehension(), "ifs") | (ast.match_case(), "guard"):
            return True
    return False


def _with[T: ast.AST](node: T, **fields: object) -> T:
    """Return a copy of a node with other fields; the rest is shared."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _header(node: ast.AST) -> str:
    """Return a statement in one line; of a compound one, what stands before its body."""
    shown = copy.deepcopy(node)
    if isinstance(getattr(shown, "body", None), list):
        vars(shown).update(body=[ast.Pass()])
        vars(shown).update({name: [] for name in ("orelse", "finalbody") if hasattr(shown, name)})
    text = ast.unparse(ast.fix_missing_locations(shown))
    return " ".join(text.removesuffix("pass").split())
