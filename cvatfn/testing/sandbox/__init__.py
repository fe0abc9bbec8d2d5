"""A CVAT small enough to run anywhere, for trying and for testing without an installation.

`step(world, request) -> (world, response)` is all of it, and pure. `Sandbox` keeps a current world
and is a transport; `serve` puts any transport behind an HTTP server on this machine.

Rule: requests are read and answers written with the library's own endpoints, models and codecs, so
that what works here and fails there is a fact about the server, not about the spelling of a field.
Importing this package needs no extra; looking at images needs Pillow, HTTP and forms need werkzeug.

>>> from cvatfn import call
>>> from cvatfn.api import server
>>> call(Sandbox(World.empty()), server.retrieve_about).unwrap().name
'CVAT sandbox'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvatfn.testing.sandbox.gates.reading import Params as Params
    from cvatfn.testing.sandbox.gates.reading import Unreadable as Unreadable
    from cvatfn.testing.sandbox.gates.reading import read_request as read_request
    from cvatfn.testing.sandbox.keeping.comparing import Change as Change
    from cvatfn.testing.sandbox.keeping.comparing import Comparison as Comparison
    from cvatfn.testing.sandbox.keeping.comparing import Thing as Thing
    from cvatfn.testing.sandbox.keeping.comparing import compare as compare
    from cvatfn.testing.sandbox.keeping.references import dangling as dangling
    from cvatfn.testing.sandbox.keeping.saving import KeepingError as KeepingError
    from cvatfn.testing.sandbox.keeping.saving import load as load
    from cvatfn.testing.sandbox.keeping.saving import read_world as read_world
    from cvatfn.testing.sandbox.keeping.saving import save as save
    from cvatfn.testing.sandbox.keeping.saving import written_world as written_world
    from cvatfn.testing.sandbox.loopback import to_loopback as to_loopback
    from cvatfn.testing.sandbox.seeds import EXAMPLE_PASSWORD as EXAMPLE_PASSWORD
    from cvatfn.testing.sandbox.seeds import example_world as example_world
    from cvatfn.testing.sandbox.served import SandboxServer as SandboxServer
    from cvatfn.testing.sandbox.served import first_login as first_login
    from cvatfn.testing.sandbox.served import serving as serving
    from cvatfn.testing.sandbox.server import application as application
    from cvatfn.testing.sandbox.server import serve as serve
    from cvatfn.testing.sandbox.state.functions import Function as Function
    from cvatfn.testing.sandbox.state.functions import FunctionAttribute as FunctionAttribute
    from cvatfn.testing.sandbox.state.functions import FunctionLabel as FunctionLabel
    from cvatfn.testing.sandbox.state.people import Privilege as Privilege
    from cvatfn.testing.sandbox.state.world import World as World
    from cvatfn.testing.sandbox.stepping import step as step
    from cvatfn.testing.sandbox.transport import Sandbox as Sandbox
else:
    from cvatfn.lazily import lazily

    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "cvatfn.testing.sandbox.gates.reading": "Params Unreadable read_request",
            "cvatfn.testing.sandbox.loopback": "to_loopback",
            "cvatfn.testing.sandbox.keeping.comparing": "Change Comparison Thing compare",
            "cvatfn.testing.sandbox.keeping.references": "dangling",
            "cvatfn.testing.sandbox.keeping.saving": (
                "KeepingError load read_world save written_world"
            ),
            "cvatfn.testing.sandbox.seeds": "EXAMPLE_PASSWORD example_world",
            "cvatfn.testing.sandbox.served": "SandboxServer first_login serving",
            "cvatfn.testing.sandbox.server": "application serve",
            "cvatfn.testing.sandbox.state.functions": "Function FunctionAttribute FunctionLabel",
            "cvatfn.testing.sandbox.stepping": "step",
            "cvatfn.testing.sandbox.transport": "Sandbox",
            "cvatfn.testing.sandbox.state.people": "Privilege",
            "cvatfn.testing.sandbox.state.world": "World",
        },
    )
