// What `inlay bench` prints and writes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "inlay/workflow.h"

/// The result without its profile and graph. `what`: "unet inference, batch 1 of 3x512x512".
void print_result(const std::string& what, const inlay::workflow::BenchResult& result);
/// Peaks, operators and steps.
void print_profile(const inlay::workflow::BenchResult& result);
/// `what`: "sliding_window, a picture of 3x256x256".
void print_sharing(const std::string& what, const inlay::workflow::SharingResult& result);
void print_scaling(const std::string& what, std::span<const inlay::workflow::BenchResult> results);

/// Adds the result's members.
void add_json(nlohmann::ordered_json& json, const inlay::workflow::BenchResult& result);
void add_json(nlohmann::ordered_json& json, const inlay::workflow::SharingResult& result);
