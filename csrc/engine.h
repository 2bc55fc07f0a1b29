/* Many transfers on one curl multi handle, behind one pollable descriptor. */
#ifndef HUBSPOT_ENGINE_H
#define HUBSPOT_ENGINE_H

#include "transfer.h"

#pragma GCC visibility push(hidden)

void engine_notice_fork(struct engine *e);
void engine_cancel_transfer(transfer *t);
void engine_forget_transfer(transfer *t);

#pragma GCC visibility pop

#endif
