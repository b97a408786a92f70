// The parser asks for the width of a dense array's type, which `index` lacks.
func.func private @f() attributes {shape = array<index: 1>}
