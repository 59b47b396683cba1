"""Results as one HTML file that needs nothing else: tables, charts and film strips.

:mod:`.curves` and :mod:`.bins` compute, :mod:`.charts`, :mod:`.figures`, :mod:`.strips` and
:mod:`.tables` say what is shown where, and ``template/`` how. :mod:`.page` puts it together.
"""
