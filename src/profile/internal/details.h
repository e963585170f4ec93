// The bytes of an exposure's details: tagged fields, absent where they have their zero value, so
// that what a later version adds needs no new codec. Private to profile.
#pragma once

#include "profile/core.h"

namespace tact {

template <typename Text>
void encode_details(ByteWriter& out, const BasicExposure<Text>& exposure);
// Of the bytes that it wrote, after their length; none: everything has its zero value. False on
// anything encode_details() does not write, unknown tags aside.
template <typename Text>
bool decode_details(std::string_view bytes, BasicExposure<Text>& exposure);

}  // namespace tact
