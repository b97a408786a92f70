// Results are compared with those of the input by plain loops.
// RUN: amosc run %s --target=generic | FileCheck %s
// RUN: amosc run %s --target=native | FileCheck %s

// CHECK: conv_f32: passed
func.func @conv_f32(%image: tensor<1x8x9x4xf32>, %kernel: tensor<6x3x3x4xf32>, %bias: tensor<6xf32>) -> tensor<1x4x4x6xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %d = tosa.conv2d %image, %kernel, %bias, %zero, %zero
      {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<1x8x9x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x6xf32>
  return %d : tensor<1x4x4x6xf32>
}

// CHECK: conv_i8: passed
func.func @conv_i8(%image: tensor<1x8x8x4xi8>, %kernel: tensor<16x3x3x4xi8>) -> tensor<1x8x8x16xi32> {
  %zero = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %bias = "tosa.const"() <{values = dense<0> : tensor<16xi32>}> : () -> tensor<16xi32>
  %d = tosa.conv2d %image, %kernel, %bias, %zero, %zero
      {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>}
      : (tensor<1x8x8x4xi8>, tensor<16x3x3x4xi8>, tensor<16xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x8x8x16xi32>
  return %d : tensor<1x8x8x16xi32>
}

// CHECK: zero_points: passed
func.func @zero_points(%image: tensor<1x8x8x4xi8>, %kernel: tensor<16x3x3x4xi8>) -> tensor<1x8x8x16xi32> {
  %five = "tosa.const"() <{values = dense<5> : tensor<1xi8>}> : () -> tensor<1xi8>
  %other = "tosa.const"() <{values = dense<-3> : tensor<1xi8>}> : () -> tensor<1xi8>
  %bias = "tosa.const"() <{values = dense<7> : tensor<16xi32>}> : () -> tensor<16xi32>
  %d = tosa.conv2d %image, %kernel, %bias, %five, %other
      {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>}
      : (tensor<1x8x8x4xi8>, tensor<16x3x3x4xi8>, tensor<16xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x8x8x16xi32>
  return %d : tensor<1x8x8x16xi32>
}

// CHECK: matmul_zero_points: passed
func.func @matmul_zero_points(%a: tensor<2x8x5xi8>, %b: tensor<2x5x6xi8>) -> tensor<2x8x6xi32> {
  %left = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}> : () -> tensor<1xi8>
  %right = "tosa.const"() <{values = dense<11> : tensor<1xi8>}> : () -> tensor<1xi8>
  %d = tosa.matmul %a, %b, %left, %right : (tensor<2x8x5xi8>, tensor<2x5x6xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x8x6xi32>
  return %d : tensor<2x8x6xi32>
}

// CHECK: depthwise: passed
func.func @depthwise(%image: tensor<1x8x8x4xf32>, %kernel: tensor<3x3x4x2xf32>, %bias: tensor<8xf32>) -> tensor<1x6x6x8xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %d = tosa.depthwise_conv2d %image, %kernel, %bias, %zero, %zero
      {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
      : (tensor<1x8x8x4xf32>, tensor<3x3x4x2xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x8xf32>
  return %d : tensor<1x6x6x8xf32>
}

// CHECK: pool_of_relu: passed
func.func @pool_of_relu(%image: tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %c = tosa.clamp %image {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  %d = tosa.avg_pool2d %c, %zero, %zero
      {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<1x8x8x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x4xf32>
  return %d : tensor<1x4x4x4xf32>
}

// CHECK: transpose_conv: passed
func.func @transpose_conv(%image: tensor<1x4x4x4xf32>, %kernel: tensor<16x3x3x4xf32>, %bias: tensor<16xf32>) -> tensor<1x9x9x16xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %d = tosa.transpose_conv2d %image, %kernel, %bias, %zero, %zero
      {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<1x4x4x4xf32>, tensor<16x3x3x4xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x9x9x16xf32>
  return %d : tensor<1x9x9x16xf32>
}
