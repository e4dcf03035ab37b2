#!/bin/sh
curl localhost
