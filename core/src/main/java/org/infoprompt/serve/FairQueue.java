package org.infoprompt.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Waiting calls, bounded in number and in rows, fair between tenants: deficit round robin by rows, so that a tenant with long texts
 * gets no more than one with short ones. When it is full, a tenant with less than its share pushes out the newest call of the
 * tenant with the most. Guarded by its owner's lock; nothing is allocated once a tenant is known.
 *
 * <p>Source: Shreedhar and Varghese, Efficient fair queuing using deficit round robin, SIGCOMM 1995.
 */
final class FairQueue {
    /** Rows a tenant may take in a turn; more than most texts have. */
    private static final int QUANTUM = 128;

    private static final int MAX_IDLE_TENANTS = 1024;

    /** One tenant's waiting calls, oldest first. */
    static final class Tenant {
        private final String name;
        private @Nullable PromptCall first;
        private @Nullable PromptCall last;
        private int size;
        private long rows;
        private long deficit;
        /** Neighbours in the ring of tenants that wait. */
        private Tenant after = this;

        private Tenant before = this;

        Tenant(String name) {
            this.name = name;
        }
    }

    private final int maxCalls;
    private final long maxRows;
    private final Map<String, Tenant> tenants = new LinkedHashMap<>();
    private @Nullable Tenant turn;
    private @Nullable PromptCall oldest;
    private @Nullable PromptCall newest;
    private int numWaiting;
    private int size;
    private long rows;

    FairQueue(int maxCalls, long maxRows) {
        this.maxCalls = maxCalls;
        this.maxRows = maxRows;
    }

    int size() {
        return size;
    }

    long rows() {
        return rows;
    }

    /** Returns the call that came first. */
    @Nullable
    PromptCall oldest() {
        return oldest;
    }

    /** Returns whether a call of this many rows fits without pushing another out. */
    boolean hasRoom(int cost) {
        return size < maxCalls && (rows + cost <= maxRows || size == 0);
    }

    /** Returns the call to be pushed out for a tenant's next one, or null if it has its share already. */
    @Nullable
    PromptCall victim(String tenant) {
        Tenant own = tenants.get(tenant);
        long ownRows = own == null ? 0 : own.rows;
        Tenant greedy = null;
        Tenant each = turn;
        for (int i = 0; i < numWaiting && each != null; i++) {
            if (greedy == null || each.rows > greedy.rows) {
                greedy = each;
            }
            each = each.after;
        }
        if (greedy == null || greedy == own || ownRows >= rows / (numWaiting + 1) || greedy.rows <= ownRows) {
            return null;
        }
        return greedy.last;
    }

    void add(PromptCall call) {
        Tenant tenant = tenants.get(call.tenant);
        if (tenant == null) {
            if (tenants.size() >= MAX_IDLE_TENANTS + numWaiting) {
                tenants.values().removeIf(t -> t.size == 0);
            }
            tenant = new Tenant(call.tenant);
            tenants.put(tenant.name, tenant);
        }
        call.queuedAt = tenant;
        if (tenant.size == 0) {
            join(tenant);
        }
        PromptCall last = tenant.last;
        call.previousOfTenant = last;
        call.nextOfTenant = null;
        if (last == null) {
            tenant.first = call;
        } else {
            last.nextOfTenant = call;
        }
        tenant.last = call;
        tenant.size++;
        tenant.rows += call.cost;
        PromptCall end = newest;
        call.previous = end;
        call.next = null;
        if (end == null) {
            oldest = call;
        } else {
            end.next = call;
        }
        newest = call;
        size++;
        rows += call.cost;
    }

    private void join(Tenant tenant) {
        Tenant next = turn;
        tenant.deficit = 0;
        if (next == null) {
            tenant.after = tenant;
            tenant.before = tenant;
            turn = tenant;
        } else {
            tenant.after = next;
            tenant.before = next.before;
            next.before.after = tenant;
            next.before = tenant;
        }
        numWaiting++;
    }

    private void leave(Tenant tenant) {
        tenant.before.after = tenant.after;
        tenant.after.before = tenant.before;
        if (turn == tenant) {
            turn = numWaiting == 1 ? null : tenant.after;
        }
        numWaiting--;
    }

    /** Removes a waiting call. */
    void remove(PromptCall call) {
        Tenant tenant = call.queuedAt;
        if (tenant == null) {
            return;
        }
        call.queuedAt = null;
        PromptCall before = call.previousOfTenant;
        PromptCall after = call.nextOfTenant;
        if (before == null) {
            tenant.first = after;
        } else {
            before.nextOfTenant = after;
        }
        if (after == null) {
            tenant.last = before;
        } else {
            after.previousOfTenant = before;
        }
        before = call.previous;
        after = call.next;
        if (before == null) {
            oldest = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.previous = before;
        }
        call.previousOfTenant = null;
        call.nextOfTenant = null;
        call.previous = null;
        call.next = null;
        tenant.size--;
        tenant.rows -= call.cost;
        size--;
        rows -= call.cost;
        if (tenant.size == 0) {
            leave(tenant);
        }
    }

    /** Returns the call whose turn it is, which stays until it is removed; null if there is none. */
    @Nullable
    PromptCall peek() {
        Tenant tenant = turn;
        while (tenant != null) {
            PromptCall first = tenant.first;
            if (first != null && tenant.deficit >= first.cost) {
                return first;
            }
            tenant.deficit += QUANTUM;
            if (first != null && tenant.deficit >= first.cost) {
                return first;
            }
            tenant = tenant.after;
            turn = tenant;
        }
        return null;
    }

    /** Removes the call that {@link #peek} returned and charges its tenant. */
    void take(PromptCall call) {
        Tenant tenant = call.queuedAt;
        if (tenant == null) {
            return;
        }
        tenant.deficit -= call.cost;
        remove(call);
        PromptCall next = tenant.first;
        if (next != null && tenant.deficit < next.cost && turn == tenant) {
            turn = tenant.after;
        }
    }
}
