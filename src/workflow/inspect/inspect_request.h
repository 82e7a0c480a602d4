// What is asked of an inspection, checked.
#pragma once

#include <string>
#include <vector>

#include "inlay/inspection.h"
#include "inlay/model.h"

namespace inlay::workflow {

/// As many as the net tells apart; numbered where the file names none.
std::vector<ModelClass> classes_of(const Model& model);

/// Indices of request.classes. Throws InputError for one that is not there.
std::vector<std::int64_t> chosen_classes(const InspectRequest& request, const std::vector<ModelClass>& classes);

/// Throws InputError when the request cannot be served with this picture.
void check(const InspectRequest& request, const Image& picture);

/// Throws InputError when files would be overwritten against the user's will.
void check_output(const InspectRequest& request);

}  // namespace inlay::workflow
