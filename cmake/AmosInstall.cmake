# Filled in by the packaging.
