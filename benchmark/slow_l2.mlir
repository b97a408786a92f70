// An H200 whose second cache delivers little: groups that share chunks are worth it.
amos.accelerator @slow_l2 extends @h200 {
  change @l2 bandwidth(400.0)
}
