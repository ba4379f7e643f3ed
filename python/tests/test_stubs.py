"""The stubs say what the compiled part has: every name, every parameter; and whatever is public says what it is for."""

import ast
import inspect
import re
from pathlib import Path

import soft_dice as sd
from soft_dice import _kernel

FILE = Path(sd.__file__).with_name("_kernel.pyi")
STUB = ast.parse(FILE.read_text())
CLASSES = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}
FUNCTIONS = {node.name: node for node in STUB.body if isinstance(node, ast.FunctionDef)}


def parameters(node):
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return [name for name in names if name != "self"]


def test_every_name_and_parameter():
    compared = 0
    for name, thing in vars(_kernel).items():
        if name.startswith("_"):
            continue
        if inspect.isclass(thing):
            methods = {node.name: node for node in CLASSES[name].body if isinstance(node, ast.FunctionDef)} if name != "SoftDiceError" else {}
            for method in dir(thing) if methods else ():
                if method.startswith("_"):
                    continue
                of = getattr(thing, method)
                assert method in methods, f"{name}.{method} is not in the stub"
                if callable(of):
                    # By the text, for a parameter may have a name that is a keyword of Python's.
                    text = of.__text_signature__.split("(", 1)[1]
                    given = [p for p in re.findall(r"(?:^|, )\$?(\w+)", text) if p not in ("self", "type")]
                    assert [p.strip("_") for p in given] == [p.strip("_") for p in parameters(methods[method])], f"{name}.{method}"
                    compared += 1
            assert name in CLASSES
        else:
            assert list(inspect.signature(thing).parameters) == parameters(FUNCTIONS[name]), name
            compared += 1
    print(f"{compared} signatures are those of the stub")
    assert compared > 40


def test_what_is_public_says_what_it_is_for():
    for name in sd.__all__:
        thing = getattr(sd, name)
        if name == "__version__":
            continue
        node = CLASSES.get(name) or FUNCTIONS.get(name)
        assert inspect.getdoc(thing) or (node is not None and ast.get_docstring(node)), f"{name} has no docstring"
        if node is not None:
            assert ast.get_docstring(node), f"the stub of {name} has no docstring"
        if inspect.ismodule(thing):
            for inner, part in vars(thing).items():
                if inspect.isclass(part) and part.__module__ == thing.__name__ and not inner.startswith("_"):
                    assert part.__doc__, f"{name}.{inner} has no docstring"
