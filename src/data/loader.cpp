#include "inlay/loader.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

#include "base/fail.h"
#include "data/batch.h"

namespace inlay {

struct Loader::State {
  State(const Dataset& dataset, const LoaderOptions& options)
      : maker(dataset, options), next_made(maker.first()), next_taken(maker.first()) {}

  void work();
  void finish();

  BatchMaker maker;
  std::mutex mutex;
  std::condition_variable made, taken;
  std::map<std::int64_t, std::pair<Batch, std::exception_ptr>> ready;  // by number since the first epoch
  std::int64_t next_made, next_taken;
  std::atomic<bool> stop = false;
  double waited = 0.0;
  std::vector<std::thread> workers;
};

void Loader::State::work() {
  while (true) {
    std::unique_lock lock(mutex);
    taken.wait(lock, [&] { return stop || next_made < next_taken + maker.options().queue; });
    if (stop) return;
    const std::int64_t number = next_made++;
    lock.unlock();
    std::pair<Batch, std::exception_ptr> result;
    try {
      result.first = maker.make(number, stop);
    } catch (...) {
      result.second = std::current_exception();
    }
    lock.lock();
    ready.emplace(number, std::move(result));
    made.notify_all();
  }
}

void Loader::State::finish() {
  {
    const std::lock_guard lock(mutex);
    stop = true;
  }
  taken.notify_all();
  for (std::thread& worker : workers) worker.join();
}

Loader::Loader(const Dataset& dataset, const LoaderOptions& options)
    : state_(std::make_unique<State>(dataset, options)) {
  try {
    for (int i = 0; i < options.workers; ++i) state_->workers.emplace_back([state = state_.get()] { state->work(); });
  } catch (const std::system_error& error) {
    state_->finish();
    fail("cannot start {} threads that load images ({}); ask for fewer workers", options.workers, error.what());
  }
}

Loader::~Loader() { state_->finish(); }

std::int64_t Loader::batches_per_epoch() const { return state_->maker.batches_per_epoch(); }

Batch Loader::next() {
  std::unique_lock lock(state_->mutex);
  const auto start = std::chrono::steady_clock::now();
  state_->made.wait(lock, [&] { return state_->ready.contains(state_->next_taken); });
  state_->waited += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto found = state_->ready.find(state_->next_taken);
  // It stays where it is, so that every later call throws it again.
  if (found->second.second) std::rethrow_exception(found->second.second);
  Batch batch = std::move(found->second.first);
  state_->ready.erase(found);
  ++state_->next_taken;
  state_->taken.notify_all();
  return batch;
}

double Loader::waited_seconds() const {
  const std::lock_guard lock(state_->mutex);
  return state_->waited;
}

}  // namespace inlay
