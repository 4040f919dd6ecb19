"""Every sentence that an error can say on a page, read from where errors are made.

Rules of the module:
- An error is written in English where it is made, in rooms that know of no language. What it is filled in with becomes
  a named place of the sentence: f"no room for `{name}`" is listed as "no room for `%(name)s`".
- Whoever hands a text on to an error (`_refused(why, next_step)`) is followed to whoever wrote it.
- A text that cannot be followed to a sentence is returned as such: a test of the house lists the few there may be.
- What only a terminal says (`edge/commands` and what makes up people) is for operators and stays English.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

CONTEXT = "error"
"""What a translator is told of these sentences: parts of an error, in lower case and without a full stop."""
SOURCE = Path(__file__).parents[2]
"""The folder of the package."""
TERMINAL_ONLY = ("edge/commands/", "edge/synthetic/", "edge/demonstration/", "client/")
SAYS: Mapping[str, Mapping[str, int | None]] = {
    "privity.errors.PrivityError": {"what": 0, "why": None, "next_step": None},
    "privity.request.intake_row.RowError": {"what": None, "next_step": None},
}
"""Where sentences go in: what is made, and which of its arguments are sentences, at which place if at any."""
HANDED_ON = frozenset({"what", "why", "next_step", "words", "value", "strerror", "__name__"})
"""What an error or a closed set says of itself (listed where it was made), and what the operating system says."""
METHODS = frozenset({"format", "join", "lower"})

Slots = dict[str, int | None]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One sentence and where it is written, as `file:line`."""

    sentence: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file: its tree, the names it imports, the values of its constants and of its classes' members."""

    name: str
    file: str
    tree: ast.Module
    imports: Mapping[str, str]
    constants: Mapping[str, ast.expr]
    members: Mapping[str, Sequence[ast.expr]]
    functions: Sequence["Body"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One function, the class it belongs to, the calls in it that hand on texts, and what it gives to names."""

    function: Function
    owner: ast.ClassDef | None
    parameters: Slots
    calls: Sequence[ast.Call]
    given: Mapping[str, Sequence[ast.expr]]

    @property
    def name(self) -> str:
        """Return what the function is called from elsewhere: the making of a class by the name of the class."""
        made = self.owner is not None and self.function.name == "__init__"
        return self.owner.name if made and self.owner is not None else self.function.name


@dataclass(slots=True, kw_only=True)
class Reading:
    """What was found of all files."""

    modules: Mapping[str, Module]
    slots: dict[str, Slots] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    unread: list[Written] = field(default_factory=list)


def sentences_of_errors(source: Path = SOURCE) -> Sequence[Written]:
    """Return every sentence that errors, faults of rows and symptoms can say, with its place, in the order of files."""
    return tuple(_read(source).written)


def unread_texts(source: Path = SOURCE) -> Sequence[Written]:
    """Return the texts that cannot be followed to a sentence: each as it is written, and where."""
    return tuple(_read(source).unread)


@cache
def _read(source: Path) -> Reading:
    modules = {
        found.name: found
        for path in sorted(source.rglob("*.py"))
        for found in [_module(path, source)]
        if not found.file.startswith(TERMINAL_ONLY)
    }
    reading = Reading(modules=modules, slots={name: dict(slots) for name, slots in SAYS.items()})
    _know_the_errors(reading)
    known = -1
    while known != sum(map(len, reading.slots.values())):
        known = sum(map(len, reading.slots.values()))
        for module in modules.values():
            for body in module.functions:
                _follow(reading, module, body)
    for module in modules.values():
        for body in module.functions:
            for call in body.calls:
                _list(reading, module, body, call)
    return reading


def _module(path: Path, source: Path) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    file = path.relative_to(source).as_posix()
    imports: dict[str, str] = {}
    constants: dict[str, ast.expr] = {}
    members: dict[str, list[ast.expr]] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            imports |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            constants[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            constants[node.target.id] = node.value
        for member in node.body if isinstance(node, ast.ClassDef) else ():
            for name, value in _given(member) if isinstance(member, ast.Assign | ast.AnnAssign) else ():
                members.setdefault(name, []).append(value)
    return Module(
        name="privity." + file.removesuffix(".py").replace("/", "."),
        file=file,
        tree=tree,
        imports=imports,
        constants=constants,
        members=members,
        functions=tuple(_functions(tree)),
    )


def _functions(tree: ast.Module) -> Iterator[Body]:
    """Yield every function of a file."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield _body(child, node if isinstance(node, ast.ClassDef) else None)
            if isinstance(child, ast.stmt):
                waiting.append(child)


def _body(function: Function, owner: ast.ClassDef | None) -> Body:
    calls: list[ast.Call] = []
    given: dict[str, list[ast.expr]] = {}
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and (node.args or node.keywords):
            calls.append(node)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            for name, value in _given(node):
                given.setdefault(name, []).append(value)
        if not isinstance(node, Function):
            waiting += ast.iter_child_nodes(node)
    return Body(function=function, owner=owner, parameters=_parameters(function, owner), calls=calls, given=given)


def _know_the_errors(reading: Reading) -> None:
    """Give every error the arguments of the error it is made of, until no new one is found."""
    classes = [
        (module, node)
        for module in reading.modules.values()
        for node in module.tree.body
        if isinstance(node, ast.ClassDef)
    ]
    known = -1
    while known != len(reading.slots):
        known = len(reading.slots)
        for module, node in classes:
            own_making = any(isinstance(each, ast.FunctionDef) and each.name == "__init__" for each in node.body)
            for base in node.bases:
                above = _resolved(module, base)
                if above in reading.slots and f"{module.name}.{node.name}" not in reading.slots:
                    reading.slots[f"{module.name}.{node.name}"] = {} if own_making else dict(reading.slots[above])


def _resolved(module: Module, called: ast.expr) -> str:
    """Return the full name of what is called: of this file, imported, or a method by its own name."""
    if isinstance(called, ast.Name):
        return module.imports.get(called.id, f"{module.name}.{called.id}")
    if isinstance(called, ast.Attribute):
        if isinstance(called.value, ast.Name) and called.value.id in module.imports:
            return f"{module.imports[called.value.id]}.{called.attr}"
        return f"{module.name}.{called.attr}"
    return ""


def _called(module: Module, body: Body, call: ast.Call) -> str:
    made = isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"
    if made and body.owner is not None and body.owner.bases:
        return _resolved(module, body.owner.bases[0])
    return _resolved(module, call.func)


def _texts(reading: Reading, module: Module, body: Body, call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call hands on as sentences."""
    slots = reading.slots.get(_called(module, body, call), {})
    for name, place in slots.items():
        if place is not None and place < len(call.args):
            yield call.args[place]
        yield from (each.value for each in call.keywords if each.arg == name)


def _parameters(function: Function, owner: ast.ClassDef | None) -> Slots:
    free = [*function.args.posonlyargs, *function.args.args]
    plain = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in function.decorator_list)
    bound = 1 if owner is not None and not plain else 0
    named: Slots = {each.arg: place for place, each in enumerate(free[bound:])}
    return {**named, **{each.arg: None for each in function.args.kwonlyargs}}


def _follow(reading: Reading, module: Module, body: Body) -> None:
    """Note which of a function's arguments become sentences."""
    slots: Slots = {}
    for call in body.calls:
        for text in _texts(reading, module, body, call):
            for arm in _arms(text):
                if isinstance(arm, ast.Name) and arm.id in body.parameters:
                    slots[arm.id] = body.parameters[arm.id]
    if slots:
        reading.slots.setdefault(f"{module.name}.{body.name}", {}).update(slots)


def _arms(text: ast.expr) -> Iterator[ast.expr]:
    """Yield what a text can turn out to be."""
    if isinstance(text, ast.IfExp):
        yield from (*_arms(text.body), *_arms(text.orelse))
    elif isinstance(text, ast.BoolOp | ast.Dict):
        for each in text.values:
            yield from _arms(each)
    else:
        yield text


def _list(reading: Reading, module: Module, body: Body, call: ast.Call) -> None:
    scope = _Scope(reading=reading, module=module, body=body)
    for text in _texts(reading, module, body, call):
        place = f"{module.file}:{text.lineno}"
        for sentence in scope.sentences(text):
            if sentence is None:
                reading.unread.append(Written(sentence=ast.unparse(text), place=place))
            elif re.search(r"[a-z]{2}", re.sub(r"%\(\w+\)s", "", sentence)):
                reading.written.append(Written(sentence=sentence, place=place))


@dataclass(slots=True, kw_only=True)
class _Scope:
    """What the names of one function stand for."""

    reading: Reading
    module: Module
    body: Body

    def sentences(self, text: ast.expr, depth: int = 0) -> Iterator[str | None]:
        """Yield the sentences a text can be, and those it is filled in with; None for one that cannot be told."""
        if depth > 5:
            yield None
            return
        for arm in _arms(text):
            yield from self._of_arm(arm, depth)

    def _of_arm(self, arm: ast.expr, depth: int) -> Iterator[str | None]:
        if isinstance(arm, ast.Constant):
            yield arm.value if isinstance(arm.value, str) else None
        elif isinstance(arm, ast.JoinedStr):
            yield _template(arm)
            yield from self._filled(arm, depth)
        elif isinstance(arm, ast.BinOp) and isinstance(arm.op, ast.Add):
            yield from self._joined(arm, depth)
        elif isinstance(arm, ast.Name):
            yield from self._of_name(arm.id, depth)
        elif isinstance(arm, ast.Subscript) and ast.unparse(arm.value) not in self.body.parameters:
            yield from self.sentences(arm.value, depth + 1)
        elif isinstance(arm, ast.Attribute) and ast.unparse(arm.value) == "self" and arm.attr in self.module.members:
            for value in self.module.members[arm.attr]:
                yield from self.sentences(value, depth + 1)
        elif isinstance(arm, ast.Attribute) and arm.attr in HANDED_ON:
            return
        elif isinstance(arm, ast.Call) and isinstance(arm.func, ast.Attribute) and arm.func.attr in METHODS:
            yield from self._of_method(arm, arm.func, depth)
        else:
            yield None

    def _of_method(self, call: ast.Call, method: ast.Attribute, depth: int) -> Iterator[str | None]:
        """Yield what `"…{name}…".format(name=…)`, `"; ".join(…)` or `words.lower()` can be."""
        if method.attr == "lower":
            yield from (each and each.lower() for each in self.sentences(method.value, depth + 1))
        elif method.attr == "format":
            for each in self.sentences(method.value, depth + 1):
                yield None if each is None else re.sub(r"{(\w+)}", r"%(\1)s", each)
        elif isinstance(call.args[0], ast.GeneratorExp):
            yield from self.sentences(call.args[0].elt, depth + 1)
        else:
            yield None

    def _of_name(self, name: str, depth: int) -> Iterator[str | None]:
        values = [*self.body.given.get(name, ())]
        if name in self.body.parameters and not values:
            return
        if not values:
            module, name = self._home(name)
            values = [module.constants[name]] if module is not None and name in module.constants else []
        if not values:
            yield None
        for value in values:
            yield from self.sentences(value, depth + 1)

    def _home(self, name: str) -> tuple[Module | None, str]:
        """Return the file a constant stands in, and its name there."""
        if name not in self.module.imports:
            return self.module, name
        room, _, own = self.module.imports[name].rpartition(".")
        return self.reading.modules.get(room), own

    def _joined(self, text: ast.BinOp, depth: int) -> Iterator[str | None]:
        left, right = [*self.sentences(text.left, depth + 1)], [*self.sentences(text.right, depth + 1)]
        for first in left:
            yield from (None if first is None or second is None else first + second for second in right)

    def _filled(self, text: ast.JoinedStr, depth: int) -> Iterator[str]:
        """Yield the sentences a text is filled in with, where they are written in the same function."""
        for part in text.values:
            if not isinstance(part, ast.FormattedValue):
                continue
            for arm in _arms(part.value):
                worth = isinstance(arm, ast.Constant | ast.JoinedStr | ast.Name | ast.BinOp | ast.Attribute)
                yield from (each for each in (self.sentences(arm, depth + 1) if worth else ()) if each is not None)


def _given(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, ast.expr]]:
    """Yield which names are given what by `=`, also where several are given at once."""
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if node.value is not None and isinstance(target, ast.Name):
            yield target.id, node.value
        elif isinstance(target, ast.Tuple) and node.value is not None:
            for arm in _arms(node.value):
                for each, value in zip(target.elts, arm.elts if isinstance(arm, ast.Tuple) else (), strict=False):
                    if isinstance(each, ast.Name):
                        yield each.id, value


def _template(text: ast.JoinedStr) -> str:
    """Return an f-string as a sentence with named places."""
    names: dict[str, str] = {}
    parts = []
    for part in text.values:
        if isinstance(part, ast.FormattedValue):
            written = ast.unparse(part.value)
            if written not in names:
                name = _name_of(part.value)
                taken = sum(each == name or re.fullmatch(rf"{name}_\d+", each) is not None for each in names.values())
                names[written] = f"{name}_{taken + 1}" if taken else name
            parts.append(f"%({names[written]})s")
        elif isinstance(part, ast.Constant):
            parts.append(str(part.value))
    return "".join(parts)


def _name_of(value: ast.expr) -> str:
    """Return what a filled-in value is called in a sentence."""
    if isinstance(value, ast.Name):
        return value.id.strip("_").lower()
    if isinstance(value, ast.Attribute):
        return _name_of(value.value) if value.attr in ("value", "words", "__name__") else value.attr.strip("_").lower()
    if isinstance(value, ast.Call):
        if isinstance(value.func, ast.Name) and value.func.id == "len":
            return "count"
        return _name_of(value.args[0]) if value.args else _name_of(value.func)
    if isinstance(value, ast.Subscript | ast.Starred | ast.Await):
        return _name_of(value.value)
    return "value"
