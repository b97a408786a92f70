//===- PtxasReportTest.cpp - Reading what ptxas prints --------------------===//

#include "amos/Target/NVVM/PtxasReport.h"
#include <catch2/catch.hpp>

using namespace amos;

static constexpr const char *text = R"(ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function 'first' for 'sm_90a'
ptxas info    : Function properties for first
    8 bytes stack frame, 12 bytes spill stores, 16 bytes spill loads
ptxas info    : Used 168 registers, used 3 barriers, 8 bytes cumulative stack size, 1024 bytes smem, 400 bytes cmem[0]
ptxas info    : Compile time = 7.123 ms
ptxas info    : (C7510) Potential Performance Loss: wgmma.mma_async instructions are serialized due to insufficient register resources for the wgmma pipeline in the function 'second'
ptxas info    : Compiling entry function 'second' for 'sm_90a'
ptxas info    : Function properties for second
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 12 registers, used 0 barriers
)";

TEST_CASE("registers, stack and spills are read for each kernel") {
  PtxasReport report = parsePtxasReport(text);
  REQUIRE(report.kernels.size() == 2);
  const KernelReport &first = report.kernels[0];
  CHECK(first.kernel == "first");
  CHECK(first.registers == 168);
  CHECK(first.barriers == 3);
  CHECK(first.stack == 8);
  CHECK(first.spillStores == 12);
  CHECK(first.spillLoads == 16);
  CHECK(first.shared == 1024);
  CHECK(first.constants == 400);
  CHECK(report.kernels[1].registers == 12);
  CHECK(report.kernels[1].shared == 0);
}

TEST_CASE("what makes matrix instructions slow is a warning") {
  PtxasReport report = parsePtxasReport(text);
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].find("(C7510)") == 0);
}

TEST_CASE("other texts hold no kernels") {
  CHECK(parsePtxasReport("").kernels.empty());
  CHECK(parsePtxasReport("    0 bytes stack frame\n").kernels.empty());
}
