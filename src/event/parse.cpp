#include "event/parse.h"
