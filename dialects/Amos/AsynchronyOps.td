//===- AsynchronyOps.td - What orders and ends work --------*- tablegen -*-===//
#ifndef AMOS_ASYNCHRONY_OPS_TD
#define AMOS_ASYNCHRONY_OPS_TD

include "Amos/AcceleratorOps.td"

def Amos_GroupOp : Amos_NamedPart<"group"> {
  let summary = "asynchronous work that completes in order";
  let description = [{
    Copies and intrinsics that name a group are under way after they were issued;
    `commit` closes a batch, `wait(n)` returns when at most n batches are pending.

    | argument | unit | meaning |
    |---|---|---|
    | `issue` | | the scope that issues, commits and waits |
    | `outstanding` | batches | length of the queue |
    | `interlocked` | | consumers on the machine need no wait |
    | `begin` | | region: makes registers written before visible to the work |
    | `commit` | | region: closes a batch |
    | `wait` | | region: its one argument is the constant number of batches that may stay pending |
    | `wait_read` | | region: the same for the sources, which are reusable afterwards |

    ```mlir
    group @cp_async issue(@thread) commit {
      nvvm.cp.async.commit.group
      yield
    } wait {
    ^bb0(%n: i32):
      llvm.inline_asm has_side_effects "cp.async.wait_group $0;", "n" %n : (i32) -> ()
      yield
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$issue,
                       OptionalAttr<I64Attr>:$outstanding, UnitAttr:$interlocked);
  let regions = (region AnyRegion:$begin, AnyRegion:$commit, AnyRegion:$wait, AnyRegion:$wait_read);
  let assemblyFormat = [{
    $sym_name `issue` `(` $issue `)` (`outstanding` `(` $outstanding^ `)`)?
    (`interlocked` $interlocked^)? attr-dict (`begin` $begin^)? (`commit` $commit^)?
    `wait` $wait (`wait_read` $wait_read^)?
  }];
}

def Amos_BarrierOp : Amos_NamedPart<"barrier"> {
  let summary = "an object in memory that counts arrivals";
  let description = [{
    Work that completes a barrier arrives at it; waiting is for a phase, which
    alternates between 0 and 1 each time all arrivals have come.

    | argument | unit | meaning |
    |---|---|---|
    | `level` | | the memory it lies in |
    | `bytes` | bytes | size of the object |
    | `limit` | bytes | most bytes one phase can expect |
    | `init` | | region: address, number of arrivals |
    | `arrive` | | region: address |
    | `expect` | | region: address, number of bytes to wait for; arrives too |
    | `wait` | | region: address, phase |
    | `arrive_at` | | region: address in another part's memory, as `reach` of a cluster yields it |

    ```mlir
    barrier @mbarrier in @shared bytes(8) init {
    ^bb0(%b: !llvm.ptr<3>, %count: i32):
      nvvm.mbarrier.init %b, %count : !llvm.ptr<3>, i32
      yield
    } arrive {
    ^bb0(%b: !llvm.ptr<3>):
      %t = nvvm.mbarrier.arrive %b : !llvm.ptr<3> -> i64
      yield
    } wait {
    ^bb0(%b: !llvm.ptr<3>, %phase: i32):
      llvm.call @wait_for_phase(%b, %phase) : (!llvm.ptr<3>, i32) -> ()
      yield
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$level, I64Attr:$bytes,
                       OptionalAttr<I64Attr>:$limit);
  let regions = (region AnyRegion:$init, AnyRegion:$arrive, AnyRegion:$expect, AnyRegion:$wait,
                        AnyRegion:$arrive_at);
  let assemblyFormat = [{
    $sym_name `in` $level `bytes` `(` $bytes `)` (`limit` `(` $limit^ `)`)? attr-dict
    `init` $init `arrive` $arrive (`expect` $expect^)? `wait` $wait
    (`arrive_at` $arrive_at^)?
  }];
}

def Amos_FenceOp : Amos_Part<"fence"> {
  let summary = "makes writes of one view visible to another";
  let description = [{
    Needed before a copy or an intrinsic whose `view` differs from that of the
    writer. Plain loads and stores have the view `generic`.

    | argument | unit | meaning |
    |---|---|---|
    | `from`, `to` | | names of views that copies and intrinsics declare, or `generic` |
    | `level` | | the memory concerned |
    | `lowering` | | region: no arguments |

    ```mlir
    fence "generic" to "async" in @shared lowering {
      nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}
      yield
    }
    ```
  }];
  let arguments = (ins StrAttr:$from, StrAttr:$to, FlatSymbolRefAttr:$level);
  let regions = (region AnyRegion:$lowering);
  let assemblyFormat = "$from `to` $to `in` $level attr-dict `lowering` $lowering";
}

def Amos_BudgetOp : Amos_NamedPart<"budget"> {
  let summary = "registers that move between parts while a program runs";
  let description = [{
    | argument | unit | meaning |
    |---|---|---|
    | `level` | | the register file |
    | `issue` | | the scope that asks |
    | `granule` | granules of the level | counts are multiples of it |
    | `range` | granules of the level | `[least, most]` one lane may have |
    | `shrink`, `grow` | | regions: the new count, a constant |

    ```mlir
    budget @setmaxnreg of @register issue(@warpgroup) granule(8) range[24, 240] shrink {
    ^bb0(%n: i32):
      llvm.inline_asm has_side_effects "setmaxnreg.dec.sync.aligned.u32 $0;", "n" %n : (i32) -> ()
      yield
    } grow {
    ^bb0(%n: i32):
      llvm.inline_asm has_side_effects "setmaxnreg.inc.sync.aligned.u32 $0;", "n" %n : (i32) -> ()
      yield
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$level,
                       FlatSymbolRefAttr:$issue, I64Attr:$granule, DenseI64ArrayAttr:$range);
  let regions = (region AnyRegion:$shrink, AnyRegion:$grow);
  let assemblyFormat = [{
    $sym_name `of` $level `issue` `(` $issue `)` `granule` `(` $granule `)` `range` `` $range
    attr-dict `shrink` $shrink `grow` $grow
  }];
}

def Amos_OverlapOp : Amos_NamedPart<"overlap"> {
  let summary = "kernels that start before those in front of them have ended";
  let description = [{
    A kernel that is spread over the parts of the machine lets the next one of its
    stream start as soon as there is room, and touches memory only when all in front
    of it have ended.

    | argument | unit | meaning |
    |---|---|---|
    | `admit` | | region: lets the next kernel start when all groups got here |
    | `await` | | region: what kernels in front wrote is there behind it |

    ```mlir
    overlap @launches admit {
      nvvm.griddepcontrol launch_dependents
      yield
    } await {
      llvm.inline_asm has_side_effects "griddepcontrol.wait;", "~{memory}" : () -> ()
      yield
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region AnyRegion:$admit, AnyRegion:$await);
  let assemblyFormat = [{
    $sym_name attr-dict `admit` $admit `await` $await
  }];
}

def Amos_ClusterOp : Amos_NamedPart<"cluster"> {
  let summary = "groups that start together and reach each other's memory";
  let description = [{
    As many parts of a scope as a kernel asks for start at the same time, numbered
    one after the other; each can read what the others hold in a level.

    | argument | unit | meaning |
    |---|---|---|
    | `scope` | | what it is made of |
    | `at_once` | clusters | `[c1, c2, ..]`: so many clusters of one part, of two, .. run at the same time; there are none of more parts |
    | `level` | | one instance for each part, which all of them reach |
    | `bandwidth` | bytes per cycle | of another part's memory, for one part |
    | `sync` | | region: rendezvous of all lanes of all parts; what they wrote before is there behind it |
    | `reach` | | region: an address in one's own memory and the number of a part; yields that of the same place in that part's memory |

    ```mlir
    cluster @cluster of @core at_once[132, 66, 39, 30] in @shared bandwidth(16.0) sync {
      nvvm.cluster.arrive
      nvvm.cluster.wait
      yield
    } reach {
    ^bb0(%own: !llvm.ptr<3>, %part: i32):
      %p = nvvm.mapa %own, %part : !llvm.ptr<3> -> !llvm.ptr<7>
      yield %p : !llvm.ptr<7>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$scope,
                       DenseI64ArrayAttr:$at_once, FlatSymbolRefAttr:$level, OptionalAttr<F64Attr>:$bandwidth);
  let regions = (region AnyRegion:$sync, AnyRegion:$reach);
  let assemblyFormat = [{
    $sym_name `of` $scope `at_once` `` $at_once `in` $level (`bandwidth` `(` $bandwidth^ `)`)?
    attr-dict `sync` $sync `reach` $reach
  }];
}

def Amos_StateOp : Amos_NamedPart<"state"> {
  let summary = "sticky configuration around copies and intrinsics";
  let description = [{
    Entered before the work that names it, outside of every loop in which its
    arguments do not change, and left after it. Arguments of `enter` are the free
    strides of the copy, then the parameters of its epilogue; the copy's own
    lowering does not receive them any more.

    | argument | unit | meaning |
    |---|---|---|
    | `scope` | | one such state for each of these |
    | `function` | | attributes of every function that uses it |
    | `enter` | | region: sets it |
    | `leave` | | region: no arguments |

    ```mlir
    state @stride_a per @core enter {
    ^bb0(%stride: i64):
      llvm.call @config_load(%stride) : (i64) -> ()
      yield
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$scope,
                       OptionalAttr<DictionaryAttr>:$function);
  let regions = (region AnyRegion:$enter, AnyRegion:$leave);
  let assemblyFormat = [{
    $sym_name `per` $scope (`function` $function^)? attr-dict
    (`enter` $enter^)? (`leave` $leave^)?
  }];
}

#endif // AMOS_ASYNCHRONY_OPS_TD
