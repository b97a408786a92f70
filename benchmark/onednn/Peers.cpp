//===- Peers.cpp - An operator by oneDNN ----------------------------------===//

#include "Peers.h"
#include <dnnl.hpp>
#include <memory>
#include <unordered_map>

namespace amos::benchmark {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;

/// The three tensors of a primitive, in the order of the interface.
using Layouts = std::array<memory::desc, 3>;

static dnnl::engine &getEngine() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

static dnnl::stream &getStream() {
  static dnnl::stream stream(getEngine());
  return stream;
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

static std::array<memory::data_type, 3> getTypes(const std::string &dtype) {
  using Type = memory::data_type;
  if (dtype == "i8")
    return {Type::u8, Type::s8, Type::s32};
  Type source = dtype == "bf16" ? Type::bf16 : Type::f32;
  return {source, source, Type::f32};
}

static Dims join(Dims head, const Dims &tail) {
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

static std::array<Dims, 3> getShapes(const Problem &p) {
  if (!p.isConvolution)
    return {Dims{p.m, p.k}, Dims{p.k, p.n}, Dims{p.m, p.n}};
  Dims weights = {p.outputs / p.groups, p.inputs / p.groups};
  if (p.groups > 1)
    weights.insert(weights.begin(), p.groups);
  return {join({p.batch, p.inputs}, p.size), join(weights, p.kernel),
          join({p.batch, p.outputs}, p.out)};
}

static std::array<Tag, 3> getPlainTags(const Problem &p) {
  if (!p.isConvolution)
    return {Tag::ab, p.isTransposed ? Tag::ba : Tag::ab, Tag::ab};
  size_t rank = p.size.size();
  Tag first[] = {Tag::ncw, Tag::nchw, Tag::ncdhw};
  Tag last[] = {Tag::nwc, Tag::nhwc, Tag::ndhwc};
  Tag weights[] = {Tag::oiw, Tag::oihw, Tag::oidhw};
  Tag grouped[] = {Tag::goiw, Tag::goihw, Tag::goidhw};
  Tag reversed[] = {Tag::wio, Tag::hwio, Tag::dhwio};
  Tag groups[] = {Tag::wigo, Tag::hwigo, Tag::dhwigo};
  Tag image = (p.isLast ? last : first)[rank - 1];
  Tag kernel = (p.isLast       ? p.groups > 1 ? groups : reversed
                : p.groups > 1 ? grouped
                               : weights)[rank - 1];
  return {image, kernel, image};
}

static Layouts getLayouts(const Problem &problem, bool isPlain) {
  auto shapes = getShapes(problem);
  auto types = getTypes(problem.dtype);
  auto tags = getPlainTags(problem);
  Layouts layouts;
  for (size_t n = 0; n < layouts.size(); ++n)
    layouts[n] =
        memory::desc(shapes[n], types[n], isPlain ? tags[n] : Tag::any);
  return layouts;
}

//===----------------------------------------------------------------------===//
// Primitives
//===----------------------------------------------------------------------===//

namespace {
/// A primitive, the layouts it settled for, and its name.
struct Chosen {
  dnnl::primitive primitive;
  Layouts layouts;
  std::string name;
};
} // namespace

template <typename Description>
static Chosen settle(const Description &description) {
  return {dnnl::primitive(description.get()),
          {description.src_desc(), description.weights_desc(),
           description.dst_desc()},
          description.impl_info_str()};
}

static Chosen choose(const Problem &p, const Layouts &wanted) {
  if (!p.isConvolution)
    return settle(dnnl::matmul::primitive_desc(
        dnnl::matmul::desc(wanted[0], wanted[1], wanted[2]), getEngine()));
  Dims dilation(p.size.size(), p.dilation - 1);
  dnnl::convolution_forward::desc description(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
      wanted[0], wanted[1], wanted[2], p.stride, dilation, p.pad, p.pad);
  return settle(
      dnnl::convolution_forward::primitive_desc(description, getEngine()));
}

namespace {
/// Buffers and steps of one peer.
class Plan {
public:
  Plan(const Problem &problem, const void *first, const void *second,
       bool isPlain)
      : chosen(choose(problem, getLayouts(problem, isPlain))) {
    Layouts plain = getLayouts(problem, /*isPlain=*/true);
    const void *sources[] = {first, second};
    for (size_t n = 0; n < 2; ++n)
      outside[n] =
          memory(plain[n], getEngine(), const_cast<void *>(sources[n]));
    outside[2] = memory(plain[2], getEngine());
    for (size_t n = 0; n < 3; ++n)
      inside[n] = chosen.layouts[n] == plain[n]
                      ? outside[n]
                      : memory(chosen.layouts[n], getEngine());
    pack();
  }

  void pack() {
    for (size_t n = 0; n < 2; ++n)
      move(outside[n], inside[n]);
    getStream().wait();
  }
  void execute() {
    chosen.primitive.execute(getStream(), {{DNNL_ARG_SRC, inside[0]},
                                           {DNNL_ARG_WEIGHTS, inside[1]},
                                           {DNNL_ARG_DST, inside[2]}});
    getStream().wait();
  }
  const void *unpack() {
    move(inside[2], outside[2]);
    getStream().wait();
    return outside[2].get_data_handle();
  }
  const std::string &getName() const { return chosen.name; }

private:
  static void move(memory &from, memory &to) {
    if (from.get_data_handle() != to.get_data_handle())
      dnnl::reorder(from, to).execute(getStream(), from, to);
  }

  Chosen chosen;
  std::array<memory, 3> outside, inside;
};
} // namespace

static Peer makePeer(const char *name, std::shared_ptr<Plan> plan,
                     bool packsAlways) {
  Peer peer;
  peer.name = name;
  peer.implementation = plan->getName();
  peer.run = [plan] { plan->execute(); };
  if (packsAlways)
    peer.run = [plan] {
      plan->pack();
      plan->execute();
      plan->unpack();
    };
  peer.getResult = [plan] { return plan->unpack(); };
  return peer;
}

std::vector<Peer> makePeers(const Problem &problem, const void *first,
                            const void *second) {
  std::vector<Peer> peers;
  for (bool isPlain : {true, false})
    try {
      auto plan = std::make_shared<Plan>(problem, first, second, isPlain);
      peers.push_back(
          makePeer(isPlain ? "oneDNN plain" : "oneDNN packed", plan, false));
      if (!isPlain)
        peers.push_back(makePeer("oneDNN packing", plan, true));
    } catch (const dnnl::error &error) {
      peers.push_back(
          {isPlain ? "oneDNN plain" : "oneDNN packed", error.what(), {}, {}});
    }
  return peers;
}

std::string getPeerVersion() {
  const dnnl_version_t *version = dnnl_version();
  return "oneDNN " + std::to_string(version->major) + "." +
         std::to_string(version->minor) + "." + std::to_string(version->patch);
}

} // namespace amos::benchmark
