// The bytes of an exposure's details: tagged fields, absent where they have their zero value, so
// that what a later version adds needs no new codec. Private to profile.
#pragma once

#include "profile/core.h"

namespace tact {

void encode_details(ByteWriter& out, const Exposure& exposure);
// Fails the reader on anything encode_details() does not write, unknown tags aside.
void decode_details(ByteReader& in, Exposure& exposure);

}  // namespace tact
