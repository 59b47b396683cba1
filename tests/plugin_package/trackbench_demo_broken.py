"""A plugin that cannot be imported here."""

import a_module_nobody_has

SPEC = a_module_nobody_has.SPEC
