//! The dependency graph: which step comes before which, and the path of a cycle.
//!
//! The only place that knows petgraph. It sees numbers; what they stand for is the caller's.

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Needs among `count` nodes: `(later, earlier)`.
#[derive(Debug, Default)]
pub(super) struct Graph {
    edges: DiGraph<(), ()>,
}

impl Graph {
    /// A graph of that many nodes.
    pub(super) fn new(count: usize) -> Self {
        let mut edges = DiGraph::with_capacity(count, count);
        for _ in 0..count {
            edges.add_node(());
        }
        Self { edges }
    }

    /// Says that `earlier` comes before `later`.
    pub(super) fn add(&mut self, later: usize, earlier: usize) {
        self.edges
            .add_edge(NodeIndex::new(earlier), NodeIndex::new(later), ());
    }

    /// The nodes in an order that keeps every need, ties by number; or the nodes of a cycle, in its order.
    pub(super) fn sorted(&self) -> Result<Vec<usize>, Vec<usize>> {
        let mut open: Vec<usize> = self
            .edges
            .node_indices()
            .map(|node| {
                self.edges
                    .edges_directed(node, petgraph::Direction::Incoming)
                    .count()
            })
            .collect();
        let mut ready: BinaryHeap<Reverse<usize>> = open
            .iter()
            .enumerate()
            .filter(|(_, needs)| **needs == 0)
            .map(|(node, _)| Reverse(node))
            .collect();
        let mut order = Vec::with_capacity(open.len());
        while let Some(Reverse(node)) = ready.pop() {
            order.push(node);
            for next in self.edges.neighbors(NodeIndex::new(node)) {
                open[next.index()] -= 1;
                if open[next.index()] == 0 {
                    ready.push(Reverse(next.index()));
                }
            }
        }
        if order.len() == open.len() {
            Ok(order)
        } else {
            Err(self.cycle())
        }
    }

    /// One cycle, walked in the direction "needs".
    fn cycle(&self) -> Vec<usize> {
        let Some(knot) = tarjan_scc(&self.edges)
            .into_iter()
            .find(|knot| knot.len() > 1)
        else {
            return Vec::new();
        };
        let inside: BTreeSet<NodeIndex> = knot.iter().copied().collect();
        let mut path = vec![knot[0]];
        let mut met: BTreeSet<NodeIndex> = path.iter().copied().collect();
        loop {
            let last = path[path.len() - 1];
            let before = self
                .edges
                .neighbors_directed(last, petgraph::Direction::Incoming);
            let Some(next) = before.filter(|node| inside.contains(node)).min() else {
                break;
            };
            if !met.insert(next) {
                let start = path.iter().position(|node| *node == next).unwrap_or(0);
                path.drain(..start);
                break;
            }
            path.push(next);
        }
        path.into_iter().map(NodeIndex::index).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_come_first_and_ties_by_number() {
        let mut graph = Graph::new(4);
        graph.add(0, 3);
        graph.add(1, 0);
        assert_eq!(graph.sorted(), Ok(vec![2, 3, 0, 1]));
    }

    #[test]
    fn a_cycle_is_told_whole() {
        let mut graph = Graph::new(5);
        graph.add(1, 2);
        graph.add(2, 3);
        graph.add(3, 1);
        graph.add(4, 1);
        let mut cycle = graph.sorted().expect_err("there is one");
        cycle.sort_unstable();
        assert_eq!(cycle, vec![1, 2, 3]);
    }
}
