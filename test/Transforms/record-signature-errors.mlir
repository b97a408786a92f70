// RUN: amos-opt %s --amos-record-signature --split-input-file --verify-diagnostics

// expected-error @+1 {{'arg0' has elements of 'i4', which have no C type}}
func.func @narrow(%a: tensor<4xi4>) {
  return
}

// -----

// expected-error @+1 {{'arg0' is 'tensor<*xf32>'; a C caller needs a known rank}}
func.func @unranked(%a: tensor<*xf32>) {
  return
}

// -----

// expected-error @+1 {{; a C caller can be told an offset and strides only}}
func.func @tiled(%a: memref<4x4xf32, affine_map<(i, j) -> (i floordiv 2, j)>>) {
  return
}

// -----

// expected-error @+1 {{'arg0' is 'memref<4x4xf32, strided<[0, 1]>>'; expected an offset of at least 0 and strides of at least 1}}
func.func @broadcast(%a: memref<4x4xf32, strided<[0, 1]>>) {
  return
}

// -----

// expected-error @+1 {{expected an offset of at least 0 and strides of at least 1}}
func.func @backwards(%a: memref<4xf32, strided<[-1], offset: 3>>) {
  return
}

// -----

// expected-error @+1 {{the parameter name 'x_stride0' is taken}}
func.func @stride_name(%a: memref<4xf32, strided<[?]>> {amos.name = "x"}, %s: i64 {amos.name = "x_stride0"}) {
  return
}

// -----

// expected-error @+1 {{'sum' returns 'f32', but C functions return a status; return a tensor of rank 0}}
func.func @sum(%x: f32) -> f32 {
  return %x : f32
}

// -----

// expected-error @+1 {{'conv.1' is no identifier of C and C++; rename the function or make it private}}
func.func @conv.1(%a: tensor<4xf32>) {
  return
}

// -----

// expected-error @+1 {{the parameter name 'x' is taken; change its 'amos.name'}}
func.func @names(%a: tensor<4xf32> {amos.name = "x"}, %b: tensor<4xf32> {amos.name = "x"}) {
  return
}

// -----

// expected-error @+1 {{'template' is no identifier of C and C++; rename the function or make it private}}
func.func @template(%a: tensor<4xf32>) {
  return
}

// -----

// expected-error @+1 {{'int' is no identifier of C and C++; change its 'amos.name'}}
func.func @keyword(%a: tensor<4xf32> {amos.name = "int"}) {
  return
}

// -----

// expected-error @+1 {{the parameter name 'stream' is taken; change its 'amos.name'}}
func.func @device(%a: tensor<4xf32> {amos.name = "stream"}) {
  return
}

// -----

// expected-error @+1 {{'x' cannot be packed beforehand: its extents are not known (E-DYNAMIC)}}
func.func @unknown(%a: tensor<4x?xf32> {amos.name = "x", amos.prepacked}) {
  return
}

// -----

// expected-error @+1 {{'x' cannot be packed beforehand: it is a scalar}}
func.func @scalar(%a: f32 {amos.name = "x", amos.prepacked}) {
  return
}

// -----

// expected-error @+1 {{'x' cannot be packed beforehand: it is strided; pass it dense}}
func.func @strided(%a: memref<4x4xf32, strided<[8, 1]>> {amos.name = "x", amos.prepacked}) {
  return
}

// -----

// expected-error @+1 {{'x' cannot be packed beforehand: the function writes it}}
func.func @written(%a: memref<4xf32> {amos.name = "x", amos.prepacked}) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%a : memref<4xf32>)
  return
}

// -----

func.func @foreign() -> tensor<4xf32> {
  // expected-error @+1 {{expected 'func.return' where 'foreign' ends}}
  llvm.return
}

// -----

// expected-error @+1 {{'arg0' is 'vector<4xf8E4M3FN>', which has no C type; expected a number, a tensor or a memref}}
func.func @vector(%x: vector<4xf8E4M3FN>, %y: memref<4xf8E4M3FN>) {
  %c0 = arith.constant 0 : index
  vector.store %x, %y[%c0] : memref<4xf8E4M3FN>, vector<4xf8E4M3FN>
  return
}

// -----

// expected-error @+1 {{'result0' is 'vector<4xf32>', which has no C type; expected a number, a tensor or a memref}}
func.func @vector_result() -> vector<4xf32> {
  %x = arith.constant dense<1.0> : vector<4xf32>
  return %x : vector<4xf32>
}
