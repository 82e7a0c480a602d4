#include <algorithm>
#include <cmath>

#include "data/synth/paint.h"

namespace inlay::synth {
namespace {

constexpr std::uint8_t kSalt = 1;

// Ricker 1953: the zero-phase wavelet of seismics; `wavelength` in pixels.
double ricker(double t, double wavelength) {
  const double u = t / wavelength * 3.14159265358979;
  return (1.0 - 2.0 * u * u) * std::exp(-u * u);
}

// One vertical trace of undisturbed layers.
class Strata {
 public:
  Strata(double depth, Rng& rng) : top_(-depth) {
    const double wavelength = rng.uniform(7.0, 10.0);
    samples_.resize(static_cast<std::size_t>(3.0 * depth * kPerPixel));
    double t = 0.0;
    while (t < 3.0 * depth) {
      const double strength = (rng.chance(0.5) ? 1.0 : -1.0) * rng.uniform(0.25, 1.0);
      add(t, strength, wavelength);
      t += rng.uniform(2.5, 9.0);
    }
  }

  double at(double t) const {
    const double position = std::clamp((t - top_) * kPerPixel, 0.0, static_cast<double>(samples_.size() - 2));
    const auto i = static_cast<std::size_t>(position);
    return std::lerp(samples_[i], samples_[i + 1], position - static_cast<double>(i));
  }

 private:
  static constexpr double kPerPixel = 4.0;

  void add(double t, double strength, double wavelength) {
    const auto count = static_cast<std::int64_t>(samples_.size());
    const auto middle = static_cast<std::int64_t>(t * kPerPixel),
               reach = static_cast<std::int64_t>(wavelength * kPerPixel);
    for (std::int64_t i = std::max<std::int64_t>(0, middle - reach); i < std::min(count, middle + reach); ++i)
      samples_[static_cast<std::size_t>(i)] += strength * ricker(static_cast<double>(i) / kPerPixel - t, wavelength);
  }

  double top_;
  std::vector<double> samples_;
};

// The smaller of the two, rounded off where they differ by less than `range`.
double smooth_min(double a, double b, double range) {
  const double t = std::clamp(0.5 + 0.5 * (b - a) / range, 0.0, 1.0);
  return std::lerp(b, a, t) - range * t * (1.0 - t);
}

struct Fault {
  double x, slope, shift;
};

// A dome that rises from below, or a body afloat. depth() > 0 inside, in pixels.
class SaltBody {
 public:
  SaltBody(double height, double width, Rng& rng) : rough_(rng.next()), height_(height) {
    present_ = rng.chance(0.85);
    dome_ = rng.chance(0.6);
    x_ = rng.uniform(0.15, 0.85) * width;
    breadth_ = rng.uniform(0.16, 0.34) * width;
    y_ = rng.uniform(0.25, 0.6) * height;
    tallness_ = dome_ ? height : rng.uniform(0.12, 0.24) * height;
    if (!dome_) y_ = rng.uniform(0.35, 0.75) * height;
  }

  double depth(double y, double x) const {
    if (!present_) return -1e9;
    const double rough = 9.0 * rough_.fractal(y / 34.0, x / 34.0, 4);
    if (dome_) {
      const double u = (x - x_) / breadth_;
      const double below_top = y - y_ - 0.6 * breadth_ * u * u;
      const double inside = breadth_ * (1.2 + 0.25 * std::sin(y / 31.0)) - std::abs(x - x_);
      return smooth_min(below_top, inside, 0.35 * breadth_) + rough;
    }
    const double r = std::hypot((y - y_) / tallness_, (x - x_) / breadth_);
    return (1.0 - r) * tallness_ + rough;
  }

  // How far the layers above are pushed up.
  double uplift(double y, double x) const {
    if (!present_) return 0.0;
    const double u = (x - x_) / (1.6 * breadth_);
    return 0.16 * height_ * std::exp(-u * u) * smooth_step(-0.1 * height_, y_, y);
  }

 private:
  Noise rough_;
  double height_;
  bool present_ = false, dome_ = false;
  double x_ = 0.0, y_ = 0.0, breadth_ = 0.0, tallness_ = 0.0;
};

class Section {
 public:
  Section(std::int64_t height, std::int64_t width, std::uint64_t key)
      : rng_(key),
        fold_(rng_.next()),
        chaos_(rng_.next()),
        canvas_(height, width, 1),
        strata_(static_cast<double>(height), rng_),
        salt_(static_cast<double>(height), static_cast<double>(width), rng_),
        dip_(rng_.uniform(-0.18, 0.18)),
        folding_(rng_.uniform(4.0, 14.0)) {
    for (std::int64_t i = 1 + rng_.below(3); i > 0; --i)
      faults_.push_back(
          {rng_.uniform(0.0, 1.0) * static_cast<double>(width), rng_.uniform(-0.5, 0.5), rng_.uniform(-12.0, 12.0)});
  }

  Sample paint() {
    const double contrast = rng_.uniform(0.18, 0.3);
    for (std::int64_t y = 0; y < canvas_.height(); ++y)
      for (std::int64_t x = 0; x < canvas_.width(); ++x) {
        const auto fy = static_cast<double>(y), fx = static_cast<double>(x);
        const double depth = salt_.depth(fy, fx);
        canvas_.label(y, x) = depth > 0.0 ? kSalt : 0;
        const double rock = depth > 0.0 ? salt_texture(fy, fx) : layers(fy, fx);
        *canvas_.at(y, x) = static_cast<float>(0.5 + contrast * (rock + boundary(fy, fx, depth)));
      }
    canvas_.blur(0.6f);
    canvas_.add_noise(static_cast<float>(rng_.uniform(0.02, 0.05)), rng_);
    return canvas_.finish();
  }

 private:
  double layers(double y, double x) const {
    double t = y + dip_ * x + folding_ * fold_.fractal(y / 160.0, x / 60.0, 2) + salt_.uplift(y, x);
    for (const Fault& fault : faults_)
      if (x > fault.x + fault.slope * y) t += fault.shift;
    const double strength = 0.85 + 0.45 * fold_.at(y / 30.0 + 300.0, x / 45.0);
    return strength * strata_.at(t) + 0.18 * chaos_.at(y / 2.5, x / 4.0);
  }

  // No layers: reflections without order, weaker than those of the sediment.
  double salt_texture(double y, double x) const {
    const double bend_y = 6.0 * fold_.fractal(y / 14.0 + 50.0, x / 14.0, 2),
                 bend_x = 6.0 * fold_.fractal(y / 14.0, x / 14.0 + 50.0, 2);
    return 0.75 * chaos_.fractal((y + bend_y) / 6.0, (x + bend_x) / 8.0, 2) + 0.2 * chaos_.at(y / 2.0, x / 2.0 + 99.0);
  }

  // The reflection of the salt's surface: strong from above, hardly there on steep flanks.
  double boundary(double y, double x, double depth) const {
    if (std::abs(depth) > 8.0) return 0.0;
    const double facing_up = std::clamp(0.5 * (salt_.depth(y + 1.0, x) - salt_.depth(y - 1.0, x)), -1.0, 1.0);
    const double strength = 0.9 * std::max(facing_up, 0.0) + 0.15;
    return strength * (1.0 + 0.7 * fold_.at(y / 25.0, x / 25.0 + 700.0)) * ricker(depth, 7.0);
  }

  Rng rng_;
  Noise fold_, chaos_;
  Canvas canvas_;
  Strata strata_;
  SaltBody salt_;
  double dip_, folding_;
  std::vector<Fault> faults_;
};

}  // namespace

Sample paint_seismic(std::int64_t height, std::int64_t width, std::uint64_t key) {
  return Section(height, width, key).paint();
}

}  // namespace inlay::synth
