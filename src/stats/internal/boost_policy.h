// Boost.Math without exceptions and without errno: out-of-range input yields NaN or infinity,
// which the callers check before and after.
#pragma once

#include <boost/math/policies/policy.hpp>

namespace tact::stats::internal {

namespace policies = boost::math::policies;

using NoThrowPolicy = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>,
    policies::underflow_error<policies::ignore_error>,
    policies::denorm_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>,
    policies::evaluation_error<policies::ignore_error>,
    policies::indeterminate_result_error<policies::ignore_error>, policies::promote_double<false>>;

}  // namespace tact::stats::internal
