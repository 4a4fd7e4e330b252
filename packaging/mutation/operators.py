"""Which mutations are made: a choice of Cosmic Ray's, and three of our own that a table of causes needs.

Left out are those that only another one repeats (``==`` to ``<``, ``>``, ``is`` ...) and those that no test could
judge (annotations, decorators of dataclasses).
"""

import re
from collections.abc import Iterator
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import OPERATOR_PROVIDERS, get_operator, operator_names
from cosmic_ray.work_item import MutationSpec

CHOSEN = re.compile(
    r"core/(ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Is_IsNot|IsNot_Is|Lt_LtE|Lt_GtE|LtE_Lt|LtE_Gt|Gt_GtE|Gt_LtE"
    r"|GtE_Gt|GtE_Lt)|ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_FloorDiv|Div_Mul|FloorDiv_Mul|Mod_Mul|BitOr_BitAnd"
    r"|BitAnd_BitOr)|ReplaceUnaryOperator_Delete_(Not|USub)|AddNot|ReplaceTrueWithFalse|ReplaceFalseWithTrue"
    r"|ReplaceAndWithOr|ReplaceOrWithAnd|ReplaceBreakWithContinue|ReplaceContinueWithBreak|ExceptionReplacer"
    r"|NumberReplacer|ZeroIterationForLoop)|pitboss/.*"
)
NO_TEST_CAN_TELL = ("decorator", "annassign", "param")


class _Own(Operator):  # type: ignore[misc]
    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class RemoveStatement(_Own):
    """A call whose result nobody uses, or an assignment to an attribute, becomes ``pass``."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if node.type == "simple_stmt" and _does_something(node.children[0]):
            yield node.children[0].start_pos, node.children[0].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        node.children[0] = _code("pass", node.children[0].get_first_leaf().prefix)
        return node


def _code(text: str, prefix: str) -> Any:
    """A piece of a tree, with what stands before it. parso takes blanks at the begin for a fault in the indentation."""
    piece = parso.parse(text).children[0]
    piece.get_first_leaf().prefix = prefix
    return piece


def _does_something(statement: Any) -> bool:
    if statement.type == "expr_stmt":
        return bool(statement.children[0].type == "atom_expr")
    return bool(statement.type == "atom_expr" and statement.children[-1].type == "trailer")


class ReturnNone(_Own):
    """What a function returns becomes None."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if node.type == "return_stmt" and len(node.children) > 1 and node.children[1].get_code().strip() != "None":
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        node.children[1] = _code("None", " ")
        return node


def another_member(members: dict[str, list[str]]) -> type[_Own]:
    """The operator that turns ``Mode.LIVE`` into the next mode, for every enumeration in ``members``."""

    class AnotherMember(_Own):
        def mutation_positions(self, node: Any) -> Iterator[Any]:
            if node.type == "atom_expr" and len(node.children) >= 2 and node.children[1].type == "trailer":
                name, member = node.children[0].get_code().strip(), node.children[1].get_code().strip().lstrip(".")
                if member in members.get(name, []):
                    yield node.start_pos, node.end_pos

        def mutate(self, node: Any, index: int) -> Any:
            names = members[node.children[0].get_code().strip()]
            leaf = node.children[1].children[1]
            leaf.value = names[(names.index(leaf.value) + 1) % len(names)]
            return node

    return AnotherMember


def provide(members: dict[str, list[str]]) -> None:
    """Make the operators known to Cosmic Ray, in every process that mutates."""
    own = {"RemoveStatement": RemoveStatement, "ReturnNone": ReturnNone, "AnotherMember": another_member(members)}
    OPERATOR_PROVIDERS["pitboss"] = own


def mutations_of(module: str) -> list[MutationSpec]:
    """Every chosen mutation of the module at the relative path ``module``, in the order of its lines."""
    tree = get_ast_from_path(module)
    found: list[MutationSpec] = []
    for name in filter(CHOSEN.fullmatch, operator_names()):
        operator = get_operator(name)()
        places = [(node, *place) for node in ast_nodes(tree) for place in operator.mutation_positions(node)]
        found += [
            MutationSpec(module, name, occurrence, start, end)
            for occurrence, (node, start, end) in enumerate(places)
            if not _is_beyond_tests(node)
        ]
    return sorted(found, key=lambda mutation: (mutation.start_pos, mutation.operator_name, mutation.occurrence))


def _is_beyond_tests(node: Any) -> bool:
    """Inside a decorator or an annotation; a default value is not."""
    child, parent = node, node.parent
    while parent is not None:
        if parent.type in NO_TEST_CAN_TELL and not (parent.type == "param" and child is parent.default):
            return True
        if parent.type == "funcdef" and child is parent.annotation:
            return True
        child, parent = parent, parent.parent
    return False
