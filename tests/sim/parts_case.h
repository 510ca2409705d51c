// A layer in parts with its streams and the plain reference's values, ready to be run on the RTL.
#ifndef ASSAY_TESTS_SIM_PARTS_CASE_H_
#define ASSAY_TESTS_SIM_PARTS_CASE_H_

#include <memory>
#include <string>
#include <vector>

#include "golden/parts.h"
#include "golden/reference.h"
#include "sim/cosim.h"
#include "tests/sim/cosim_case.h"

namespace assay_test {

/** One part as the engine sees it. */
struct PartRun {
  assay_part part = {};
  assay_plan plan = {};
  Case c;  // only conv, lowered, weight and x are filled
  EngineRun streams;
};

/** A layer, cut; expected values are those of six plain loops over the whole layer. */
struct PartedLayer {
  Case c;
  assay_parts parts = {};
  std::vector<int32_t> acc;
  std::vector<uint8_t> y, received;
  std::vector<std::unique_ptr<PartRun>> runs;
  std::vector<assay_cosim_job> jobs;  // one a part, in order
  std::string name;

  bool Make(const assay_parts_wish *wish, char reason[256]);

 private:
  bool Reference();
  bool AddPart(size_t index, char reason[256]);
};

inline bool PartedLayer::Reference() {
  acc.resize(static_cast<size_t>(assay_conv_macs(&c.conv.shape) / assay_conv_taps(&c.conv.shape)));
  y.resize(acc.size());
  received.assign(acc.size(), 0);
  if (assay_reference_conv(&c.conv, c.x.data(), acc.data()) != ASSAY_OK) return false;
  for (size_t i = 0; i < y.size(); ++i) {
    const size_t oc = i % static_cast<size_t>(c.conv.shape.out_c);
    y[i] = PlainOutput(c.lowered, static_cast<int32_t>(oc), acc[i]);
  }
  return true;
}

inline bool PartedLayer::AddPart(size_t index, char reason[256]) {
  auto run = std::make_unique<PartRun>();
  run->part = assay_parts_at(&parts, index);
  const assay_conv_shape &s = run->part.shape;
  if (assay_part_plan(&c.engine, &c.conv, &c.lowered, &run->part, &run->plan, reason) != ASSAY_OK) {
    return false;
  }
  run->c.conv = assay_part_conv(&run->part, &c.conv);
  run->c.lowered = assay_part_lowered(&run->part, &c.lowered);
  run->c.weight.assign(run->c.conv.weight, run->c.conv.weight + s.out_c * assay_conv_taps(&s));
  run->c.x.resize(static_cast<size_t>(s.in_y) * static_cast<size_t>(s.in_x) *
                  static_cast<size_t>(s.in_c));
  assay_part_input(&parts, &run->part, c.x.data(), c.conv.x.zero_point, run->c.x.data());
  MakeStreams(run->c, run->plan, &run->streams);
  assay_cosim_job job = {};
  job.plan = &run->plan;
  job.parts = &parts;
  job.part = run->part;
  job.activations = run->streams.activations.data();
  job.weights = run->streams.weights.data();
  job.params = run->streams.params.data();
  job.acc = acc.data();
  job.y = y.data();
  job.layer = name.c_str();
  job.received = received.data();
  jobs.push_back(job);
  runs.push_back(std::move(run));
  return true;
}

/** Cuts the layer for its engine; `c` is filled before. */
inline bool PartedLayer::Make(const assay_parts_wish *wish, char reason[256]) {
  if (assay_parts_plan(&c.engine, &c.conv, &c.lowered, wish, &parts, reason) != ASSAY_OK) {
    return false;
  }
  if (!Reference()) return false;
  for (size_t i = 0; i < assay_parts_count(&parts); ++i) {
    if (!AddPart(i, reason)) return false;
  }
  return true;
}

/** First failures of the parts' results, for a test's message. */
inline std::string Failures(const PartedLayer &layer,
                            const std::vector<assay_cosim_result> &results) {
  std::string all;
  for (size_t part = 0; part < results.size(); ++part) {
    const PartRun &run = *layer.runs[part];
    if (results[part].pass || all.size() > 4000) continue;
    all += FailureTexts(run.c, run.plan, &run.part, results[part], 2);
  }
  return all;
}

}  // namespace assay_test

#endif  // ASSAY_TESTS_SIM_PARTS_CASE_H_
