// Inlay as a contestant of bench/peers: gets a job, warms up, and answers requests. The protocol is described in
// bench/peers/contestants/contest.py.
#include <fmt/format.h>

#include <chrono>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/threads.h"
#include "inlay/error.h"
#include "workflow/bench_work.h"

namespace {

using namespace inlay;
using workflow::BenchWork;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

void answer(const Json& json) { std::cout << json.dump() << std::endl; }

/// The file's bytes are the tensor's.
void fill(Tensor tensor, const std::string& path) {
  const std::string bytes = read_file(path);
  if (bytes.size() != tensor.bytes())
    throw Error(fmt::format("'{}' has {} bytes, expected {}", path, bytes.size(), tensor.bytes()));
  std::memcpy(tensor.raw(), bytes.data(), bytes.size());
}

BenchWork make_work(const Json& job) {
  Model model = load_model(job.at("model").get<std::string>());
  const auto extents = job.at("shape").get<std::vector<std::int64_t>>();
  const bool trains = job.at("mode") == "train";
  ProgramOptions options;
  options.threads = job.at("threads").get<int>();
  options.constant_parameters = !trains;
  options.log = [](Severity, std::string_view text) { std::cerr << text << "\n"; };
  BenchWork work =
      trains ? workflow::training_work(std::move(model), Shape(extents), options, job.at("rate").get<double>())
             : workflow::inference_work(std::move(model), Shape(extents), options);
  fill(work.program->input("image"), job.at("image").get<std::string>());
  if (trains) fill(work.program->input("labels"), job.at("labels").get<std::string>());
  return work;
}

Json time_steps(const BenchWork& work, int runs) {
  Json times = Json::array();
  for (int i = 0; i < runs; ++i) {
    const auto start = Clock::now();
    work.step();
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  return {{"ms", times}};
}

Json warm_up(const BenchWork& work, const Json& job) {
  Json ready{{"losses", Json::array()}};
  for (int i = 0; i < job.at("warm_up").get<int>(); ++i) {
    work.step();
    if (job.at("mode") == "train") ready["losses"].push_back(work.program->output("loss").data<float>()[0]);
  }
  return ready;
}

void serve(const Json& job) {
  const ThreadScope threads(job.at("threads").get<int>());
  const BenchWork work = make_work(job);
  answer(warm_up(work, job));
  for (std::string line; std::getline(std::cin, line);) {
    if (line.starts_with("run ")) {
      answer(time_steps(work, std::stoi(line.substr(4))));
    } else if (line.starts_with("save ")) {
      const Tensor logits = work.program->output("logits");
      write_file(line.substr(5), {reinterpret_cast<const char*>(logits.raw()), logits.bytes()});
      answer(Json::object());
    } else {
      throw Error(fmt::format("unknown request '{}'", line));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: inlay_bench_contestant JOB\n";
    return 2;
  }
  try {
    serve(Json::parse(argv[1]));
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
